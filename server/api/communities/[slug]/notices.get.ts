import { communityPathSchema } from '#shared/communities/community-pages'
import { listPublicNotices } from '#server/domain/communities/show-community'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  params: communityPathSchema,
  run: async ({ params }) => ({ notices: await listPublicNotices(await getServices(), params.slug) }),
})
