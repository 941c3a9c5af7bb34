import { z } from 'zod'
import { localisedSchema, type Localised } from './reference-data.ts'

export const noticeStates = ['draft', 'published', 'withdrawn'] as const
export const noticeActs = ['publish', 'withdraw'] as const
export type NoticeAct = typeof noticeActs[number]

const title = z.string().trim().min(4).max(120)
const body = z.string().trim().min(10).max(2000)

/** A solved-case notice (破案通报) as the desk writes it, in every language. `isChecked`: somebody looked at what the check of personal data found. */
export const saveNoticeSchema = z.object({
  reference: z.string().max(40), title: z.object({ zh: title, en: title }), body: z.object({ zh: body, en: body }), isChecked: z.boolean().default(false),
})
export type SaveNotice = z.infer<typeof saveNoticeSchema>

export const noticePathSchema = z.object({ id: z.uuid() })
export const noticesQuerySchema = z.object({ reference: z.string().max(40).optional() })
const instant = z.iso.datetime({ offset: true })
/** `editedAt`: the text that was looked at; if it was changed meanwhile, it is not what is published. */
export const decideNoticeSchema = z.discriminatedUnion('act', [z.object({ act: z.literal('publish'), editedAt: instant }), z.object({ act: z.literal('withdraw') })])
export type DecideNotice = z.infer<typeof decideNoticeSchema>

export const noticeSchema = z.object({
  id: z.uuid(), reference: z.string(), category: z.string(), communityId: z.uuid().nullable(), title: localisedSchema, body: localisedSchema,
  editedAt: instant, editedBy: localisedSchema, publishedAt: instant.nullable(), publishedBy: localisedSchema.nullable(), withdrawnAt: instant.nullable(),
  state: z.enum(noticeStates), isReporterTold: z.boolean(), mayEdit: z.boolean(), mayPublish: z.boolean(), mayWithdraw: z.boolean(),
})
export type Notice = z.infer<typeof noticeSchema>
export const noticesSchema = z.object({ notices: z.array(noticeSchema) })

/**
 * The first draft. Kind, community and month are all that it takes from the report: never a word of what anybody wrote (PRODUCT §2).
 * @param receivedOn `YYYY-MM-DD` in the zone of the station
 */
export function draftNotice({ category, community, receivedOn }: { category: Localised, community: Localised | undefined, receivedOn: string }): Pick<Notice, 'title' | 'body'> {
  const month = (language: string) => new Intl.DateTimeFormat(language, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(new Date(`${receivedOn}T00:00:00Z`))
  const place = community ?? { zh: '辖区', en: 'our area' }
  return {
    title: { zh: `${place.zh}：一起“${category.zh}”警情已办结`, en: `Solved: ${category.en}, ${place.en}` },
    body: {
      zh: `${month('zh-CN')}，${place.zh}有居民反映的一起“${category.zh}”情况，现已查清办结。\n感谢提供线索的居民。`,
      en: `What a resident of ${place.en} reported in ${month('en-GB')} (${category.en}) has been solved.\nThank you to everybody who told us what they knew.`,
    },
  }
}
