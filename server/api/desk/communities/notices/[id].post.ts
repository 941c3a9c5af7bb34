import { decideNoticeSchema, noticePathSchema } from '#shared/communities/case-notice'
import { decideNotice } from '#server/domain/communities/write-notices'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: noticePathSchema,
  body: decideNoticeSchema,
  run: ({ services, actor, params, body }) => decideNotice(services, actor, params.id, body),
})
