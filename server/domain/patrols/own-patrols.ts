import type { z } from 'zod'
import type { Application, OwnChange, OwnPatrols, PatrolTerms, shiftsQuerySchema } from '#shared/patrols/patrol-schema'
import type { DeskActor } from '#server/db/desk-reports'
import { publicPatrolQueries, shiftQueries, volunteerQueries, type Patroller } from '#server/db/patrols'
import type { Services } from '../services.ts'
import { shiftCardOf, volunteerOf } from './patrol-cards.ts'
import { sealContact } from './volunteer-contact.ts'

export type { Patroller } from '#server/db/patrols'

/** Where patrols go in the next 14 days: day and community, and no more (RULES I1). */
export async function listPublicPatrols({ clients }: Services) {
  return { patrols: (await publicPatrolQueries(clients).days()).patrols }
}

/** What an application asks for. */
export async function readTerms({ clients }: Services): Promise<PatrolTerms> {
  const { declarations, types, skills } = await publicPatrolQueries(clients).terms()
  return { declarations, types, skills }
}

/** Asks to join. @throws AppError already_volunteer, not_found (community), conflict: a declaration is worded anew, invalid_input: one is missing */
export async function applyAsVolunteer(services: Services, actor: DeskActor, { contact, ...application }: Application) {
  const { state } = await volunteerQueries(services.clients, actor).apply({ ...application, contactSealed: sealContact(services, actor.userId, contact) })
  return { state }
}

/** The caller as a volunteer, the shifts of four weeks with their own place, and what lies behind them. @param wanted narrows the shifts: ISO 8601, slug of a community */
export async function readOwnPatrols({ clients }: Services, who: Patroller, wanted: z.infer<typeof shiftsQuerySchema> = {}): Promise<OwnPatrols> {
  const { now, volunteer, shifts, history } = await shiftQueries(clients, who).read(wanted)
  return {
    now, volunteer: volunteer && volunteerOf(volunteer),
    shifts: shifts.map(row => ({ ...shiftCardOf(row), mine: row.mine && { place: row.mine.place, state: row.mine.state, offeredUntil: row.mine.offered_until, swap: row.mine.swap }, gap: row.gap })),
    history: history.map(({ starts_at: startsAt, ends_at: endsAt, attended_at: attendedAt, ...place }) => ({ ...place, startsAt, endsAt, attendedAt })),
  }
}

/** Open shifts with free places, of the next four weeks at most. Nobody but volunteers learns hours and routes (RULES I1): for others the list is empty. */
export async function listOpenShifts(services: Services, actor: DeskActor, wanted: z.infer<typeof shiftsQuerySchema>): Promise<Pick<OwnPatrols, 'shifts'>> {
  const { shifts } = await readOwnPatrols(services, actor, wanted)
  return { shifts: shifts.filter(({ state, confirmed, maximum }) => state === 'open' && confirmed < maximum) }
}

/** Appeals, leaves, or says when one has time. @throws AppError not_found, status_order, reason_missing */
export async function changeOwnVolunteering({ clients }: Services, actor: DeskActor, change: OwnChange) {
  const { state } = await volunteerQueries(clients, actor).change(change)
  return { state }
}

/** Signs up, leaves, takes an offer, hands a place on. @throws AppError not_enrolled, sign_up_locked, shift_closed, shift_overlap, kind_needed, skill_needed, experienced_needed, first_claims, already_signed_up, too_late_to_leave, conflict, not_found */
export async function changeOwnPlace({ clients }: Services, who: Patroller, act: string, about: { shift?: string, swap?: string }) {
  const { state = null, ahead = null, swap = null } = await shiftQueries(clients, who).place(act, about)
  return { state, ahead, swap }
}
