import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { availabilitySchema, patrolTermsSchema, publicPatrolsSchema } from '#shared/patrols/patrol-schema'
import { placeStates, shiftStates, swapStates, volunteerKinds, volunteerStates } from '#shared/patrols/patrol-words'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const me = z.object({ id: z.uuid(), role: z.string(), community_ids: z.array(z.uuid()) })
const state = z.enum(volunteerStates)

const volunteer = z.object({
  id: z.uuid(), community: z.string(), kinds: z.array(z.enum(volunteerKinds)), state, availability: availabilitySchema, created_at: instant, changed_at: instant, refused_reason: z.string().nullable(), has_appealed: z.boolean(),
  suspended_until: instant.nullable(), locked_at: instant.nullable(), attended: z.number(), missed: z.number(), skills: z.array(z.string()),
})
export type VolunteerRow = z.infer<typeof volunteer>
const deskVolunteer = volunteer.extend({ reviewed_by: z.uuid().nullable() })
export type DeskVolunteerRow = z.infer<typeof deskVolunteer>

/** As private.shift_cards makes it. */
export const shiftCardRow = z.object({
  id: z.uuid(), community: z.string(), type: z.string(), route: z.object({ id: z.uuid(), name: localisedSchema }).nullable(), starts_at: instant, ends_at: instant, needed: z.number(), maximum: z.number(), kind: z.enum(volunteerKinds), skill: z.string().nullable(),
  state: z.enum(shiftStates), cancelled_reason: z.string().nullable(), first_claims_until: instant, sequence: z.number(), revised_at: instant, confirmed: z.number(), waiting: z.number(),
})
export type ShiftRow = z.infer<typeof shiftCardRow>
const ownPatrols = done.extend({
  now: instant, volunteer: volunteer.nullable(),
  shifts: z.array(shiftCardRow.extend({
    mine: z.object({ place: z.uuid(), state: z.enum(placeStates), offered_until: instant.nullable(), swap: z.object({ id: z.uuid(), state: z.enum(swapStates) }).nullable() }).nullable(), gap: z.string().nullable(),
  })),
  history: z.array(z.object({ shift: z.uuid(), starts_at: instant, ends_at: instant, state: z.enum(placeStates), attended_at: instant.nullable() })),
})
const deskShift = shiftCardRow.extend({
  series: z.uuid().nullable(), lead_volunteer: z.uuid().nullable(), lead_staff: z.uuid().nullable(),
  places: z.array(z.object({
    id: z.uuid(), volunteer: z.uuid(), state: z.enum(placeStates), is_trainee: z.boolean(), signed_at: instant, offered_until: instant.nullable(), attended_at: instant.nullable(),
    swap: z.object({ id: z.uuid(), state: z.enum(swapStates), to: z.uuid().nullable() }).nullable(),
  })),
})
export type DeskShiftRow = z.infer<typeof deskShift>
const deskPatrols = done.extend({
  now: instant, may_plan: z.boolean(), shifts: z.array(deskShift),
  series: z.array(z.object({
    id: z.uuid(), community: z.uuid(), type: z.string(), route: z.uuid().nullable(), weekdays: z.array(z.number()), starts_at_local: z.string(), duration_minutes: z.number(), from_on: z.string(), until_on: z.string(), exceptions: z.array(z.string()),
    needed: z.number(), maximum: z.number(), kind: z.enum(volunteerKinds), skill: z.string().nullable(),
  })),
  routes: z.array(z.object({ id: z.uuid(), community: z.uuid(), name: localisedSchema, checkpoints: z.array(z.object({ id: z.uuid(), grid: z.uuid(), name: localisedSchema })) })),
})
const changedPlace = done.extend({ state: z.enum([...placeStates, ...swapStates]).optional(), ahead: z.number().optional(), swap: z.uuid().optional() })
const step = z.object({ at: instant, from: state.nullable(), to: state, act: z.string(), actor: z.object({ id: z.uuid(), name: localisedSchema }).nullable(), note: z.string().nullable() })

/** What everybody reads of patrols. */
export const publicPatrolQueries = ({ server }: Clients) => ({
  days: () => call(server, 'list_public_patrols', undefined as never, done.extend(publicPatrolsSchema.shape)),
  terms: () => call(server, 'get_patrol_terms', undefined as never, done.extend(patrolTermsSchema.shape)),
})

/** An application; `contactSealed` was made by the caller. */
export interface ApplicationRow { community: string, kinds: string[], availability: z.infer<typeof availabilitySchema>, declarations: Record<string, number>, contactSealed: string, locale: string }

/** Who acts on the roster: a signed-in volunteer, or the account that a messenger's chat is linked with, by the keyed hash of the chat. */
export type Patroller = DeskActor | { chat: string }

/** What a volunteer reads and does of shifts, under their own token or for the account behind a chat. */
export function shiftQueries({ as, server }: Clients, who: Patroller) {
  const [caller, by] = 'chat' in who ? [server, { chat: who.chat }] as const : [as(who.accessToken), {}] as const
  return {
    read: (wanted: { from?: string | undefined, to?: string | undefined, community?: string | undefined } = {}) => call(caller, 'get_own_patrols', { p: { ...by, ...wanted } }, ownPatrols),
    place: (act: string, about: { shift?: string, swap?: string }) => call(caller, 'change_own_place', { p: { ...by, act, ...about } }, changedPlace),
  }
}

/** A volunteer's other acts, under their own token; the application goes through the server, which seals. */
export function volunteerQueries({ as, server }: Clients, { accessToken, userId, sessionId }: DeskActor) {
  return {
    apply: ({ contactSealed, ...row }: ApplicationRow) => call(server, 'apply_as_volunteer', { p: { ...row, contact_sealed: contactSealed, actor: userId, session: sessionId } }, done.extend({ id: z.uuid(), state })),
    change: (change: Record<string, unknown>) => call(as(accessToken), 'change_own_volunteering', { p: change as never }, done.extend({ state })),
  }
}

/** The roster at the desk, under the token of whoever plans; a contact is opened by the server. */
export function deskPatrolQueries({ as, server }: Clients, { accessToken, userId, sessionId }: DeskActor) {
  const own = as(accessToken)
  const decided = done.extend({ me, volunteer: deskVolunteer })
  const saved = done.extend({ shift: deskShift })
  return {
    volunteers: (wanted?: string) => call(own, 'list_volunteers', { p: { ...(wanted && { state: wanted }) } }, done.extend({ me, volunteers: z.array(deskVolunteer) })),
    open: (id: string) => call(server, 'open_volunteer', { p: { id, actor: userId, session: sessionId } }, decided.extend({ user_id: z.uuid().nullable(), contact_sealed: z.string().nullable(), steps: z.array(step) })),
    decide: (decision: { id: string, act: string, note?: string | undefined, until?: string | undefined }) => call(own, 'decide_volunteer', { p: decision as never }, decided),
    skill: (skill: { id: string, skill: string, until_on?: string | undefined, remove: boolean }) => call(own, 'confirm_skill', { p: skill as never }, decided),
    list: (from: string, to: string) => call(own, 'list_desk_patrols', { p: { from, to } }, deskPatrols),
    save: (shift: Record<string, unknown>) => call(own, 'save_patrol_shift', { p: shift as never }, saved),
    cancel: (id: string, reason: string) => call(own, 'cancel_patrol_shift', { p: { id, reason } }, saved),
    markNoShow: (place: string) => call(own, 'mark_no_show', { p: { place } }, done.extend({ missed: z.number(), locked: z.boolean() })),
    decideSwap: (swap: string, approve: boolean) => call(own, 'decide_swap', { p: { swap, approve } }, saved),
    saveSeries: (series: Record<string, unknown>) => call(own, 'save_shift_series', { p: series as never }, done.extend({ id: z.uuid(), added: z.number() })),
    endSeries: (id: string, reason: string) => call(own, 'end_shift_series', { p: { id, reason } }, done.extend({ cancelled: z.number() })),
    saveRoute: (route: Record<string, unknown>) => call(own, 'save_patrol_route', { p: route as never }, done.extend({ id: z.uuid() })),
  }
}

const advanced = done.extend({ overdue: z.number(), missed: z.number(), expired: z.number(), offered: z.number(), cancelled: z.number(), alarmed: z.number(), reminded: z.number(), written: z.number() })
const retained = done.extend({ removed: z.number(), has_more: z.boolean() })

/** What jobs ask of the roster. */
export const patrolJobQueries = ({ server }: Clients) => ({
  advance: () => call(server, 'advance_patrols', undefined as never, advanced),
  foresee: () => call(server, 'foresee_patrols', undefined as never, advanced),
  retain: (limit: number, isDry = false) => call(server, 'retain_patrols', { p: { limit, is_dry: isDry } }, retained),
})
