import type { z } from 'zod'
import type { decideVolunteerSchema, DeskPatrols, DeskShift, DeskVolunteer, NewSeries, newRouteSchema, NewShift, OpenedVolunteer, skillSchema } from '#shared/patrols/patrol-schema'
import type { DeskActor } from '#server/db/desk-reports'
import { deskPatrolQueries } from '#server/db/patrols'
import type { Services } from '../services.ts'
import { deskShiftOf, deskVolunteerOf } from './patrol-cards.ts'
import { openContact } from './volunteer-contact.ts'

/** Volunteers as far as this person reads them, without names. @throws AppError forbidden */
export async function listVolunteers({ clients }: Services, actor: DeskActor, state?: string): Promise<DeskVolunteer[]> {
  const { me, volunteers } = await deskPatrolQueries(clients, actor).volunteers(state)
  return volunteers.map(row => deskVolunteerOf(row, me))
}

/** One volunteer with name, phones and every step. The opening is logged. @throws AppError not_found */
export async function openVolunteer(services: Services, actor: DeskActor, id: string): Promise<OpenedVolunteer> {
  const { me, volunteer, user_id: userId, contact_sealed: sealed, steps } = await deskPatrolQueries(services.clients, actor).open(id)
  return { volunteer: deskVolunteerOf(volunteer, me), contact: userId && sealed ? openContact(services, userId, sealed) : null, steps }
}

/** @throws AppError not_found, forbidden, not_for_oneself, second_person_required, status_order, reason_missing, invalid_input */
export async function decideVolunteer({ clients }: Services, actor: DeskActor, id: string, decision: z.infer<typeof decideVolunteerSchema>): Promise<DeskVolunteer> {
  const { me, volunteer } = await deskPatrolQueries(clients, actor).decide({ id, ...decision })
  return deskVolunteerOf(volunteer, me)
}

/** Confirms a skill or takes it back. @throws AppError not_found, forbidden, not_for_oneself, invalid_input */
export async function confirmSkill({ clients }: Services, actor: DeskActor, id: string, { skill, untilOn, remove }: z.infer<typeof skillSchema>): Promise<DeskVolunteer> {
  const { me, volunteer } = await deskPatrolQueries(clients, actor).skill({ id, skill, remove, until_on: untilOn })
  return deskVolunteerOf(volunteer, me)
}

/** Shifts that begin between two instants at most 62 days apart, with series and routes. @throws AppError forbidden, invalid_input */
export async function listDeskPatrols({ clients }: Services, actor: DeskActor, from: string, to: string): Promise<DeskPatrols> {
  const { now, may_plan: mayPlan, shifts, series, routes } = await deskPatrolQueries(clients, actor).list(from, to)
  return {
    now, mayPlan, shifts: shifts.map(deskShiftOf), routes,
    series: series.map(({ starts_at_local: startsAtLocal, duration_minutes: durationMinutes, from_on: fromOn, until_on: untilOn, ...rule }) => ({ ...rule, startsAtLocal, durationMinutes, fromOn, untilOn })),
  }
}

/** A new shift, or a change of one. @param changed the shift, and the sequence that the editor saw @throws AppError forbidden, not_found, conflict, shift_closed, shift_overlap, invalid_input */
export async function saveShift({ clients }: Services, actor: DeskActor, { startsAt, endsAt, leadVolunteer, leadStaff, ...plan }: NewShift, changed?: { id: string, sequence: number }): Promise<DeskShift> {
  const { shift } = await deskPatrolQueries(clients, actor).save({ ...plan, ...changed, starts_at: startsAt, ends_at: endsAt, lead_volunteer: leadVolunteer, lead_staff: leadStaff })
  return deskShiftOf(shift)
}

/** Calls a shift off and tells who was on it. @throws AppError forbidden, not_found, shift_closed, reason_missing */
export async function cancelShift({ clients }: Services, actor: DeskActor, id: string, reason: string): Promise<DeskShift> {
  return deskShiftOf((await deskPatrolQueries(clients, actor).cancel(id, reason)).shift)
}

/** Somebody did not come. @throws AppError forbidden, not_found, status_order, not_for_oneself */
export async function markNoShow({ clients }: Services, actor: DeskActor, place: string) {
  const { missed, locked } = await deskPatrolQueries(clients, actor).markNoShow(place)
  return { missed, locked }
}

/** @throws AppError forbidden, not_found, status_order, not_for_oneself, and what keeps the colleague from the shift */
export async function decideSwap({ clients }: Services, actor: DeskActor, swap: string, approve: boolean): Promise<DeskShift> {
  return deskShiftOf((await deskPatrolQueries(clients, actor).decideSwap(swap, approve)).shift)
}

/** A weekly rule; its shifts of the next 28 days are written at once. @throws AppError forbidden, invalid_input */
export async function saveSeries({ clients }: Services, actor: DeskActor, { startsAtLocal, durationMinutes, fromOn, untilOn, ...plan }: NewSeries) {
  const { id, added } = await deskPatrolQueries(clients, actor).saveSeries({ ...plan, starts_at_local: startsAtLocal, duration_minutes: durationMinutes, from_on: fromOn, until_on: untilOn })
  return { id, added }
}

/** @throws AppError forbidden, not_found, reason_missing */
export async function endSeries({ clients }: Services, actor: DeskActor, id: string, reason: string) {
  return { cancelled: (await deskPatrolQueries(clients, actor).endSeries(id, reason)).cancelled }
}

/** A route with its checkpoints, in their order. @throws AppError forbidden, invalid_input */
export async function saveRoute({ clients }: Services, actor: DeskActor, route: z.infer<typeof newRouteSchema>) {
  return { id: (await deskPatrolQueries(clients, actor).saveRoute(route)).id }
}
