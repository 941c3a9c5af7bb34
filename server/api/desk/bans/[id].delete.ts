import { banPathSchema } from '#shared/staff/desk-schema'
import { liftBan } from '#server/domain/reports/manage-bans'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: banPathSchema,
  run: ({ services, actor, params }) => liftBan(services, actor, params.id),
})
