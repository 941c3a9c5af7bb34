import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { noticeStates, type DecideNotice } from '#shared/communities/case-notice'
import { call, type Clients } from './clients.ts'

const done = z.object({ ok: z.literal(true) })

const getNoticesAnswer = done.extend({
  notices: z.array(z.object({ id: z.uuid(), title: localisedSchema, body: localisedSchema, published_on: z.string() })),
})

/** Published notices of a community, newest first. */
export function readPublicNotices({ server }: Clients, community: string) {
  return call(server, 'get_notices', { p_community: community }, getNoticesAnswer)
}

const row = z.object({
  id: z.uuid(), reference: z.string(), category: z.string(), community_id: z.uuid().nullable(), title: localisedSchema, body: localisedSchema,
  edited_at: z.string(), edited_by: localisedSchema, published_at: z.string().nullable(), published_by: localisedSchema.nullable(), withdrawn_at: z.string().nullable(),
  state: z.enum(noticeStates), is_reporter_told: z.boolean(), may_edit: z.boolean(), may_publish: z.boolean(), may_withdraw: z.boolean(),
})
export type NoticeRow = z.infer<typeof row>
const one = done.extend({ notice: row })

const listNoticesAnswer = done.extend({ notices: z.array(row) })

/** Notices as staff handle them, under their own token. */
export function deskNoticeQueries({ as }: Clients, { accessToken }: { accessToken: string }) {
  const own = as(accessToken)
  return {
    list: (filter: { reference?: string }) => call(own, 'list_notices', { p: filter }, listNoticesAnswer),
    save: (notice: { reference: string, title: z.infer<typeof localisedSchema>, body: z.infer<typeof localisedSchema> }) => call(own, 'save_notice', { p: notice }, one),
    decide: (id: string, decision: DecideNotice) => call(own, 'decide_notice', { p: { id, act: decision.act, ...(decision.act === 'publish' && { edited_at: decision.editedAt }) } }, one),
  }
}
