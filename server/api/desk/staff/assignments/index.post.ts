import { assignCommunitySchema } from '#shared/staff/people-schema'
import { assignCommunity } from '#server/domain/staff/manage-people'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: assignCommunitySchema,
  run: ({ services, actor, body }) => assignCommunity(services, actor, body),
})
