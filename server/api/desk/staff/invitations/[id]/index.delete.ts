import { personPathSchema } from '#shared/staff/people-schema'
import { revokeInvitation } from '#server/domain/staff/invite-staff'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: personPathSchema,
  run: ({ services, actor, params }) => revokeInvitation(services, actor, params.id),
})
