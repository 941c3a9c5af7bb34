import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { cursorSchema } from '../forms/list-place.ts'
import { localeCodes } from '../locales.ts'
import { staffRoles } from '../staff/desk-schema.ts'

/* A conversation that a person at the station has taken over, as the desk's calls see it. */

export const chatChannels = ['web', 'telegram'] as const
export const threadStates = ['waiting', 'open', 'closed'] as const
/** How a list at the desk is cut: nobody answered yet, mine, a colleague's, ended. */
export const threadViews = ['waiting', 'mine', 'colleagues', 'closed'] as const
export type ThreadView = typeof threadViews[number]
/** As long as a letter; Telegram takes 4,096. */
export const answerLimit = 2000
export const surveyWordLimit = 300

const instant = z.string().meta({ format: 'date-time' })
const locale = z.enum(localeCodes)

export const chatHoursSchema = z.object({ from: z.string(), to: z.string(), days: z.enum(['working', 'every']), isOpen: z.boolean(), opensAt: instant.nullable(), closesAt: instant.nullable(), timeZone: z.string() })
export type ChatHours = z.infer<typeof chatHoursSchema>

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'invalid')
/** As private.are_chat_hours has it. */
export const setChatHoursSchema = z.strictObject({ from: clock, to: clock.or(z.literal('24:00')), days: z.enum(['working', 'every'], 'choose') }).refine(({ from, to }) => from < to, { path: ['to'], message: 'invalid' })
export type SetChatHours = z.infer<typeof setChatHoursSchema>

const threadItem = z.object({
  id: z.uuid(), number: z.number(), channel: z.enum(chatChannels), locale, communityId: z.uuid().nullable(), isAboutPolice: z.boolean(), state: z.enum(threadStates), openedAt: instant, waitingSince: instant.nullable(),
  closedAt: instant.nullable(), closedBy: z.enum(['staff', 'resident', 'system']).nullable(), rating: z.number().nullable(), staff: localisedSchema.nullable(),
})

export const threadListQuerySchema = z.object({ view: z.enum(threadViews, 'choose').default('waiting'), cursor: cursorSchema('at').optional(), limit: z.coerce.number('number').int('number').min(1).max(100).default(30) })
export type ThreadListQuery = z.infer<typeof threadListQuerySchema>
export const threadListSchema = z.object({
  now: instant, timeZone: z.string(), hours: chatHoursSchema, counts: z.object({ waiting: z.number(), mine: z.number(), colleagues: z.number() }),
  threads: z.array(threadItem.extend({ lastAt: instant, messages: z.number() })), nextCursor: z.string().nullable(),
})
export type ThreadList = z.infer<typeof threadListSchema>

export const threadPathSchema = z.object({ id: z.uuid() })

/** `isBefore`: a turn from before the hand-over that the resident agreed to pass on. */
const message = z.object({ id: z.uuid(), number: z.number(), from: z.enum(['resident', 'bot', 'staff']), isBefore: z.boolean(), by: localisedSchema.nullable(), role: z.enum(staffRoles).nullable(), at: instant, text: z.string() })
export const deskThreadSchema = z.object({
  now: instant, timeZone: z.string(), thread: threadItem.extend({ answeredAt: instant.nullable(), isMine: z.boolean(), hours: chatHoursSchema, ratingWord: z.string().nullable() }), messages: z.array(message),
})
export type DeskThread = z.infer<typeof deskThreadSchema>

/** Asked by the open page: whether there is something new, without a word of it. */
export const threadStateSchema = z.object({ state: z.enum(threadStates), lastNumber: z.number(), rating: z.number().nullable() })

/** `id` is made by the page: sent twice, it arrives once. */
export const answerThreadSchema = z.object({ id: z.uuid(), text: z.string('required').trim().min(1, 'required').max(answerLimit, 'textMax') })
