import { saveNoticeSchema } from '#shared/communities/case-notice'
import { saveNotice } from '#server/domain/communities/write-notices'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: saveNoticeSchema,
  run: ({ services, actor, body }) => saveNotice(services, actor, body),
})
