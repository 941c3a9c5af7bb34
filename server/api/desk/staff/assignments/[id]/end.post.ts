import { endAssignmentSchema, personPathSchema } from '#shared/staff/people-schema'
import { endAssignment } from '#server/domain/staff/manage-people'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: personPathSchema,
  body: endAssignmentSchema,
  run: ({ services, actor, params, body }) => endAssignment(services, actor, params.id, body.lastOn),
})
