import { AppError } from '#shared/errors'
import { dayOf } from '#shared/reports/wall-time'
import { dayAfter, dayBounds, turnOf, weekOf } from '#shared/staff/duty-plan'
import type { addShiftSchema, DutyNow, DutyShift, DutyWeek } from '#shared/staff/duty-schema'
import type { z } from 'zod'
import { dutyQueries, type ShiftRow } from '#server/db/duty'
import type { DeskActor } from '#server/db/desk-reports'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { openText, sealText } from '../trust/envelope.ts'

/** A note belongs to no report: it is sealed under the portal's own key, for its turn alone. */
const about = (shift: string) => `duty:${shift}`

function shiftOf({ keys }: Services, row: ShiftRow): DutyShift {
  return {
    id: row.id, staffId: row.staff_id, name: row.name, role: row.role, startsAt: row.starts_at, endsAt: row.ends_at, takenOverAt: row.taken_over_at, notedAt: row.noted_at,
    note: row.note_sealed ? openText(keys.secret('outbox').key, row.note_sealed, about(row.id)) : null,
  }
}

/** Who is on duty now, and what I have to do with it. @throws AppError forbidden for whoever is not staff */
export async function readDutyNow(services: Services, actor: DeskActor): Promise<DutyNow> {
  const { now, is_me: isMe, triage, mine, handed_over: handedOver, people, next } = await dutyQueries(services.clients, actor).now()
  return {
    now, isMe, triage, mine: mine && shiftOf(services, mine), handedOver: handedOver && shiftOf(services, handedOver),
    people: people.map(({ staff_id: staffId, ...person }) => ({ staffId, ...person })), next: next && { name: next.name, startsAt: next.starts_at },
  }
}

/** The week of a day, Monday to Sunday on the station's wall; this week without one. @throws AppError forbidden for whoever is not staff */
export async function readDutyWeek(services: Services, actor: DeskActor, day?: string): Promise<DutyWeek> {
  const { station, now } = await getReferenceData(services)
  const timeZone = station?.time_zone ?? 'Asia/Shanghai'
  const week = weekOf(day ?? dayOf(now, timeZone))
  const [from, to] = [dayBounds(week, timeZone).from, dayBounds(dayAfter(week, 6), timeZone).to]
  const list = await dutyQueries(services.clients, actor).list(from, to)
  return {
    now: list.now, timeZone: list.time_zone, week, from, to, mayPlan: list.may_plan, shifts: list.shifts.map(row => shiftOf(services, row)),
    calls: list.calls.map(({ received_at: receivedAt, ...called }) => ({ receivedAt, ...called })),
  }
}

/** Puts somebody on duty. @throws AppError forbidden for all but lead and chief, already_on_duty, assignee_not_allowed, invalid_input */
export async function addShift(services: Services, actor: DeskActor, { staffId, ...typed }: z.infer<typeof addShiftSchema>): Promise<DutyShift> {
  const { station } = await getReferenceData(services)
  const turn = turnOf(typed, station?.time_zone ?? 'Asia/Shanghai')
  if (!turn) throw new AppError('invalid', {}, { fields: { day: { key: 'date' } } })
  const { shift } = await dutyQueries(services.clients, actor).add(staffId, turn.startsAt, turn.endsAt)
  return shiftOf(services, shift)
}

/** Takes a turn off the roster; one that runs ends now. @throws AppError forbidden, not_found, conflict when it is over */
export async function removeShift({ clients }: Services, actor: DeskActor, id: string): Promise<void> {
  await dutyQueries(clients, actor).remove(id)
}

/** Copies a week into those after it. @throws AppError forbidden, invalid_input */
export async function repeatWeek({ clients }: Services, actor: DeskActor, { week, times }: { week: string, times: number }): Promise<{ added: number, skipped: number }> {
  const { added, skipped } = await dutyQueries(clients, actor).repeat(weekOf(week), times)
  return { added, skipped }
}

/** "I am on duty now." @throws AppError not_found for somebody else's turn, not_your_turn */
export async function takeOverDuty(services: Services, actor: DeskActor, id: string): Promise<DutyShift> {
  const { shift } = await dutyQueries(services.clients, actor).takeOver(id)
  return shiftOf(services, shift)
}

/** What the one going off leaves to the one coming on. @throws AppError not_found for a turn that is not mine or long over */
export async function writeDutyNote({ clients, keys }: Services, actor: DeskActor, id: string, text: string): Promise<void> {
  const { key, id: keyId } = keys.secret('outbox')
  await dutyQueries(clients, actor).note(id, text ? sealText(key, text, about(id), keyId) : null)
}
