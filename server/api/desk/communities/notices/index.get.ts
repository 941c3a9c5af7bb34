import { noticesQuerySchema } from '#shared/communities/case-notice'
import { listNotices } from '#server/domain/communities/write-notices'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: noticesQuerySchema,
  run: async ({ services, actor, query }) => ({ notices: await listNotices(services, actor, query) }),
})
