import { listBans } from '#server/domain/reports/manage-bans'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: async ({ services, actor }) => ({ bans: await listBans(services, actor) }),
})
