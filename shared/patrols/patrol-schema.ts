import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { localeCodes } from '../locales.ts'
import { partsOfDay, placeStates, shiftStates, swapStates, volunteerKinds, volunteerStates } from './patrol-words.ts'
import { volunteerActs } from './volunteer-steps.ts'

/* The roster in the API, for volunteers and for the desk. */

const instant = z.string().meta({ format: 'date-time' })
const day = z.iso.date('date')
const moment = z.iso.datetime({ offset: true }).meta({ format: 'date-time' })
const line = (most: number) => z.string('required').trim().min(1, 'required').max(most, 'textMax')
const note = z.string().trim().min(3, 'textMin').max(500, 'textMax')

export const publicPatrolsSchema = z.object({ patrols: z.array(z.object({ day, community: z.string() })) })
export const patrolTermsSchema = z.object({
  declarations: z.array(z.object({ purpose: z.string(), version: z.number(), title: localisedSchema, body: localisedSchema })),
  types: z.array(z.object({ code: z.string(), name: localisedSchema })), skills: z.array(z.object({ code: z.string(), name: localisedSchema })),
})
export type PatrolTerms = z.infer<typeof patrolTermsSchema>

/** Weekday, 1 (Monday) to 7, → parts of the day. */
export const availabilitySchema = z.partialRecord(z.enum(['1', '2', '3', '4', '5', '6', '7']), z.array(z.enum(partsOfDay)).max(4))
/** Read by whoever opens the volunteer at the desk, and kept sealed. */
export const volunteerContactSchema = z.object({ name: line(60), phone: line(40), emergencyName: line(60), emergencyPhone: line(40) })
export type VolunteerContact = z.infer<typeof volunteerContactSchema>
export const applySchema = z.object({
  community: z.string().max(60), kinds: z.array(z.enum(volunteerKinds)).min(1, 'required').max(4), availability: availabilitySchema.default({}), contact: volunteerContactSchema,
  /** Each declaration of /api/patrols/terms that is agreed to, with its version. */
  declarations: z.record(z.string().max(40), z.number().int()), locale: z.enum(localeCodes),
})
export type Application = z.infer<typeof applySchema>
export const volunteerStateSchema = z.object({ state: z.enum(volunteerStates) })

export const changeOwnSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('appeal'), note }), z.object({ act: z.literal('leave') }), z.object({ act: z.literal('availability'), availability: availabilitySchema }),
])
export type OwnChange = z.infer<typeof changeOwnSchema>

export const idPathSchema = z.object({ id: z.uuid() })
export const placeAnswerSchema = z.object({
  state: z.enum([...placeStates, ...swapStates]).nullable(),
  /** People before one on the waiting list. */
  ahead: z.number().nullable(),
  /** Of a swap: its id, to be given to a colleague. */
  swap: z.uuid().nullable(),
})
export const swapActSchema = z.object({ act: z.enum(['accept', 'withdraw']) })

export const volunteerSchema = z.object({
  id: z.uuid(), community: z.string(), kinds: z.array(z.enum(volunteerKinds)), state: z.enum(volunteerStates), availability: availabilitySchema, createdAt: instant, changedAt: instant, refusedReason: z.string().nullable(), hasAppealed: z.boolean(),
  suspendedUntil: instant.nullable(), lockedAt: instant.nullable(), attended: z.number(), missed: z.number(), skills: z.array(z.string()),
})
export type Volunteer = z.infer<typeof volunteerSchema>
export const shiftCardSchema = z.object({
  id: z.uuid(), community: z.string(), type: z.string(), route: z.object({ id: z.uuid(), name: localisedSchema }).nullable(), startsAt: instant, endsAt: instant, needed: z.number(), maximum: z.number(), kind: z.enum(volunteerKinds),
  skill: z.string().nullable(), state: z.enum(shiftStates), cancelledReason: z.string().nullable(), firstClaimsUntil: instant, sequence: z.number(), revisedAt: instant, confirmed: z.number(), waiting: z.number(),
})
export type ShiftCard = z.infer<typeof shiftCardSchema>
const ownShiftSchema = shiftCardSchema.extend({
  mine: z.object({ place: z.uuid(), state: z.enum(placeStates), offeredUntil: instant.nullable(), swap: z.object({ id: z.uuid(), state: z.enum(swapStates) }).nullable() }).nullable(),
  /** Why one cannot sign up: an error code. */
  gap: z.string().nullable(),
})
export const shiftsQuerySchema = z.object({ community: z.string().max(60).optional().meta({ description: 'Slug' }), from: moment.optional(), to: moment.optional() })
export const openShiftsSchema = z.object({ shifts: z.array(ownShiftSchema) })
export const ownPatrolsSchema = z.object({
  now: instant, volunteer: volunteerSchema.nullable(),
  shifts: z.array(ownShiftSchema),
  history: z.array(z.object({ shift: z.uuid(), startsAt: instant, endsAt: instant, state: z.enum(placeStates), attendedAt: instant.nullable() })),
})
export type OwnPatrols = z.infer<typeof ownPatrolsSchema>

/* The desk. */

export const volunteersQuerySchema = z.object({ state: z.enum(volunteerStates).optional() })
export const deskVolunteerSchema = volunteerSchema.extend({ reviewedBy: z.uuid().nullable(), may: z.array(z.enum(volunteerActs)) })
export type DeskVolunteer = z.infer<typeof deskVolunteerSchema>
export const deskVolunteersSchema = z.object({ volunteers: z.array(deskVolunteerSchema) })
export const openedVolunteerSchema = z.object({
  volunteer: deskVolunteerSchema, contact: volunteerContactSchema.nullable(),
  steps: z.array(z.object({ at: instant, from: z.enum(volunteerStates).nullable(), to: z.enum(volunteerStates), act: z.string(), actor: z.object({ id: z.uuid(), name: localisedSchema }).nullable(), note: z.string().nullable() })),
})
export type OpenedVolunteer = z.infer<typeof openedVolunteerSchema>
export const decideVolunteerSchema = z.object({ act: z.enum(volunteerActs), note: note.optional(), until: moment.optional() })
export const skillSchema = z.object({ skill: z.string().max(40), untilOn: day.optional(), remove: z.boolean().default(false) })
export const decidedVolunteerSchema = z.object({ volunteer: deskVolunteerSchema })

export const deskPatrolsQuerySchema = z.object({ from: moment, to: moment })
const plan = z.object({
  community: z.uuid(), type: z.string().max(40), route: z.uuid().nullable().default(null), needed: z.number().int().min(2).max(30), maximum: z.number().int().min(2).max(50), kind: z.enum(volunteerKinds).default('patroller'), skill: z.string().max(40).nullable().default(null),
})
export const newShiftSchema = plan.extend({ startsAt: moment, endsAt: moment, leadVolunteer: z.uuid().nullable().default(null), leadStaff: z.uuid().nullable().default(null) })
export type NewShift = z.infer<typeof newShiftSchema>
/** `sequence`: as the editor saw it; another one is a conflict. */
export const changeShiftSchema = newShiftSchema.extend({ sequence: z.number().int().min(0) })
export const reasonSchema = z.object({ reason: note })
export const newSeriesSchema = plan.extend({
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7), startsAtLocal: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'time'), durationMinutes: z.number().int().min(30).max(720), fromOn: day, untilOn: day, exceptions: z.array(day).max(200).default([]),
})
export type NewSeries = z.infer<typeof newSeriesSchema>
export const newRouteSchema = z.object({
  community: z.uuid(), name: z.object({ zh: line(80), en: line(80) }), checkpoints: z.array(z.object({ grid: z.uuid(), name: z.object({ zh: line(80), en: line(80) }) })).max(50),
})
export const decideSwapSchema = z.object({ approve: z.boolean() })
export const deskShiftSchema = shiftCardSchema.extend({
  series: z.uuid().nullable(), leadVolunteer: z.uuid().nullable(), leadStaff: z.uuid().nullable(),
  places: z.array(z.object({
    id: z.uuid(), volunteer: z.uuid(), state: z.enum(placeStates), isTrainee: z.boolean(), signedAt: instant, offeredUntil: instant.nullable(), attendedAt: instant.nullable(),
    swap: z.object({ id: z.uuid(), state: z.enum(swapStates), to: z.uuid().nullable() }).nullable(),
  })),
})
export type DeskShift = z.infer<typeof deskShiftSchema>
export const savedShiftSchema = z.object({ shift: deskShiftSchema })
export const deskPatrolsSchema = z.object({
  now: instant, mayPlan: z.boolean(), shifts: z.array(deskShiftSchema),
  series: z.array(z.object({
    id: z.uuid(), community: z.uuid(), type: z.string(), route: z.uuid().nullable(), weekdays: z.array(z.number()), startsAtLocal: z.string(), durationMinutes: z.number(), fromOn: day, untilOn: day, exceptions: z.array(day),
    needed: z.number(), maximum: z.number(), kind: z.enum(volunteerKinds), skill: z.string().nullable(),
  })),
  routes: z.array(z.object({ id: z.uuid(), community: z.uuid(), name: localisedSchema, checkpoints: z.array(z.object({ id: z.uuid(), grid: z.uuid(), name: localisedSchema })) })),
})
export type DeskPatrols = z.infer<typeof deskPatrolsSchema>
export const savedSeriesSchema = z.object({ id: z.uuid(), added: z.number() })
export const endedSeriesSchema = z.object({ cancelled: z.number() })
export const savedRouteSchema = z.object({ id: z.uuid() })
export const missedSchema = z.object({ missed: z.number(), locked: z.boolean() })
