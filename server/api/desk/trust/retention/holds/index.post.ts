import { holdSchema } from '#shared/trust/retention'
import { holdReport } from '#server/domain/trust/retention'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: holdSchema,
  run: ({ services, actor, body }) => holdReport(services, actor, body),
})
