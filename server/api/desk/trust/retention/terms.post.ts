import { retentionChangeSchema } from '#shared/trust/retention'
import { changeRetention } from '#server/domain/trust/retention'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: retentionChangeSchema,
  run: ({ services, actor, body }) => changeRetention(services, actor, body),
})
