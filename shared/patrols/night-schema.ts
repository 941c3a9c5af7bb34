import { z } from 'zod'
import { placeStates } from './patrol-words.ts'
import { rollCallCodeSchema } from './roll-call.ts'
import { shiftCardSchema } from './patrol-schema.ts'

/* The night of a shift: roll call, start, way home. */

const instant = z.string().meta({ format: 'date-time' })
const presence = { how: z.enum(['code', 'offline', 'lead']).nullable(), presentAt: instant.nullable(), outAt: instant.nullable() }

/** Where a night stands: `before` the roll call, while it is open, `late`: it is over and nobody has started, on the way, at the end. */
export const nightPhases = ['before', 'roll_call', 'late', 'under_way', 'ended', 'cancelled'] as const
export type NightPhase = (typeof nightPhases)[number]

export const nightSchema = z.object({
  now: instant, phase: z.enum(nightPhases), shift: shiftCardSchema, leads: z.boolean(),
  rollCall: z.object({
    opensAt: instant, closesAt: instant,
    /** Somebody who leads has opened it. */
    isOpened: z.boolean(),
    /** The caller opened it last and reads the names. */
    isMine: z.boolean(),
  }),
  startedAt: instant.nullable(), endedAt: instant.nullable(),
  present: z.number(),
  mine: z.object({ place: z.uuid(), state: z.enum(placeStates), ...presence, triesLeft: z.number() }).nullable(),
  /** For whoever leads, once the roll call was opened. */
  people: z.array(z.object({ place: z.uuid(), name: z.string().nullable(), phone: z.string().nullable(), isMine: z.boolean(), isTrainee: z.boolean(), state: z.enum(placeStates), ...presence, triesLeft: z.number() })).nullable(),
  /** For whoever leads while the roll call lasts: the code of now and those of the next ten minutes, each for 30 seconds from `from`. */
  codes: z.array(z.object({ code: z.string(), from: instant })),
})
export type Night = z.infer<typeof nightSchema>

export const checkInSchema = z.object({ code: rollCallCodeSchema })
export const checkedInSchema = z.object({ how: z.enum(['code', 'offline', 'lead']), presentAt: instant })
export const checkedOutSchema = z.object({
  /** The last one is home: the patrol is over. */
  hasEnded: z.boolean(),
})
/** `check_in` needs a reason: somebody stands there and cannot enter a code. */
export const leadActSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('check_in'), place: z.uuid(), reason: z.string('required').trim().min(3, 'textMin').max(500, 'textMax') }),
  z.object({ act: z.literal('check_out'), place: z.uuid() }),
  z.object({ act: z.literal('start') }),
])
export type LeadAct = z.infer<typeof leadActSchema>

/** What the page of a night sends. */
export const nightFormSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('enter'), code: rollCallCodeSchema }), z.object({ act: z.enum(['open', 'out']) }), ...leadActSchema.options,
])
export type NightForm = z.output<typeof nightFormSchema>

export const nightActs = ['enter', 'open', 'out', 'check_in', 'check_out', 'start'] as const
export type NightAct = (typeof nightActs)[number]
