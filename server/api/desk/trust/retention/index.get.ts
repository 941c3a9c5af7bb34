import { readRetention } from '#server/domain/trust/retention'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => readRetention(services, actor),
})
