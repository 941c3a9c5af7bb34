import { deactivateSchema, personPathSchema } from '#shared/staff/people-schema'
import { deactivateColleague } from '#server/domain/staff/manage-people'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: personPathSchema,
  body: deactivateSchema,
  run: ({ services, actor, params, body }) => deactivateColleague(services, actor, params.id, body),
})
