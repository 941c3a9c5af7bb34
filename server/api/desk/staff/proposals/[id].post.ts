import { decideSchema, personPathSchema } from '#shared/staff/people-schema'
import { decideProposal } from '#server/domain/staff/invite-staff'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: personPathSchema,
  body: decideSchema,
  run: ({ services, actor, params, body }) => decideProposal(services, actor, params.id, body),
})
