import { correctSchema, personPathSchema } from '#shared/staff/people-schema'
import { correctColleague } from '#server/domain/staff/manage-people'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: personPathSchema,
  body: correctSchema,
  run: ({ services, actor, params, body }) => correctColleague(services, actor, params.id, body),
})
