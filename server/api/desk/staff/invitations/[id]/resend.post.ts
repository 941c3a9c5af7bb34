import { personPathSchema } from '#shared/staff/people-schema'
import { resendInvitation } from '#server/domain/staff/invite-staff'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: personPathSchema,
  run: ({ services, actor, params }) => resendInvitation(services, actor, params.id),
})
