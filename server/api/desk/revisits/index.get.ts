import { revisitListQuerySchema } from '#shared/revisits/revisit-schema'
import { listRevisits } from '#server/domain/revisits/list-revisits'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: revisitListQuerySchema,
  run: ({ services, actor, query }) => listRevisits(services, actor, query),
})
