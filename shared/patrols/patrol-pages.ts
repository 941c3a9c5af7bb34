import { z } from 'zod'
import type { Localised } from '../communities/reference-data.ts'
import { choices } from '../forms/fields.ts'
import { partsOfDay, volunteerKinds } from './patrol-words.ts'
import type { OwnFeed } from './feed-schema.ts'
import { volunteerContactSchema, type Application, type Volunteer } from './patrol-schema.ts'

/* The roster on residents' pages: forms without script, times already on the station's wall. */

/** `/patrols`: RULES I1, the public learns the day and the community and no more. */
export interface PatrolsPage {
  /** `YYYY-MM-DD` on the station's wall. */
  days: { day: string, communities: Localised[] }[]
  /** Whoever reads is on the roster, or asked to be. */
  isVolunteer: boolean
}

/** `/patrols/apply`. `tick` is what the box of a declaration sends: its purpose and version. */
export interface ApplyPage { communities: { slug: string, name: Localised }[], declarations: { tick: string, title: Localised, body: Localised }[] }

/** A shift as its volunteers see it: of the others only how many. `from` and `to` on the wall's clock, `20:00`. */
export interface ShiftOnPage {
  id: string
  day: string
  from: string
  to: string
  community: Localised
  type: Localised
  route: Localised | null
  needed: number
  maximum: number
  confirmed: number
  waiting: number
  /** Within three hours of the start nobody is waited for: who waits takes a place that became free. */
  isSoon: boolean
  /** The roll is called, or the patrol is on its way: all else is on the page of the night. */
  isNight: boolean
  isCancelled: boolean
  cancelledReason: string | null
  mine: { state: string, offeredUntil: string | null, swap: { id: string, state: string } | null } | null
  /** The error code of what keeps one from signing up. */
  gap: string | null
  /** Until then those who were out the least go first. */
  firstClaimsUntil: string
}

export const ownActs = ['applied', 'sign_up', 'queued', 'leave', 'accept_offer', 'ask_swap', 'accept_swap', 'withdraw_swap', 'appeal', 'left', 'availability', 'feed_end'] as const
export type OwnAct = (typeof ownActs)[number]

/** `/patrols/me` */
export interface MyPatrolsPage {
  volunteer: Volunteer | null
  offers: ShiftOnPage[]
  own: ShiftOnPage[]
  open: ShiftOnPage[]
  history: { id: string, day: string, from: string, to: string, isMissed: boolean }[]
  /** A swap that a colleague sent the link of. */
  swap: string | null
  /** The calendar that a phone subscribes to. */
  feed: OwnFeed
  /** Its address, in the one answer that makes it. */
  feedAddress: string | null
  /** What was just done. */
  did: OwnAct | null
  /** Stands in front of the link that hands a shift on. */
  publicUrl: string
  timeZone: string
  now: string
}

const times = choices(z.string().regex(/^[1-7]\.[a-z]+$/))

/** `6.evening`, … → {6: ['evening']} */
export function availabilityOf(ticked: readonly string[]): Application['availability'] {
  const days = ['1', '2', '3', '4', '5', '6', '7'] as const
  const of = (day: string) => partsOfDay.filter(part => ticked.includes(`${day}.${part}`))
  return Object.fromEntries(days.map(day => [day, of(day)] as const).filter(([, parts]) => parts.length))
}

/** What the form of an application sends. */
export const applyFormSchema = z.object({
  community: z.string('choose').min(1, 'choose').max(60), kinds: choices(z.enum(volunteerKinds)).pipe(z.array(z.enum(volunteerKinds)).min(1, 'choose')), times,
  ...volunteerContactSchema.shape, declarations: choices(z.string().regex(/^\w{1,40}\.\d{1,6}$/)).pipe(z.array(z.string()).min(1, 'patrols.apply.tickAll')),
})

/** What the page of one's own patrols sends. */
export const ownFormSchema = z.discriminatedUnion('act', [
  z.object({ act: z.enum(['sign_up', 'leave', 'accept_offer', 'ask_swap']), shift: z.uuid() }), z.object({ act: z.enum(['accept_swap', 'withdraw_swap']), swap: z.uuid() }),
  z.object({ act: z.literal('appeal'), note: z.string('required').trim().min(3, 'textMin').max(500, 'textMax') }), z.object({ act: z.literal('left') }), z.object({ act: z.literal('feed_make') }), z.object({ act: z.literal('feed_end') }), z.object({ act: z.literal('availability'), times }),
])
export type OwnForm = z.output<typeof ownFormSchema>
