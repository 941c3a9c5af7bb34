import { proposeSchema } from '#shared/staff/people-schema'
import { proposeChange } from '#server/domain/staff/invite-staff'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: proposeSchema,
  run: ({ services, actor, body }) => proposeChange(services, actor, body),
})
