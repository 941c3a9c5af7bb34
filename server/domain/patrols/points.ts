import type { z } from 'zod'
import type { askCorrectionSchema, decideCorrectionSchema, DeskPoints, GrantPoints, OwnPoints, SetPoints } from '#shared/patrols/points-schema'
import type { DeskActor } from '#server/db/desk-reports'
import { pointsJobQueries, pointsQueries, readPoints, type CorrectionRow } from '#server/db/patrol-points'
import type { Patroller } from '#server/db/patrols'
import type { Services } from '../services.ts'

/** One's own hours, points and honours, line by line; empty for whoever is no volunteer. */
export async function readOwnPoints({ clients }: Services, who: Patroller): Promise<OwnPoints> {
  const { now, is_volunteer: isVolunteer, balance, lines, hours, totals, honours, waiting, rules, night } = await readPoints(clients, who)
  return {
    now, isVolunteer, balance, rules, night,
    lines: lines.map(({ patrol_at: patrolAt, ...line }) => ({ ...line, patrolAt })),
    hours: hours.map(row => ({
      place: row.place, startsAt: row.starts_at, endsAt: row.ends_at, workedFrom: row.worked_from, workedTo: row.worked_to, minutes: row.minutes, nightMinutes: row.night_minutes, creditMinutes: row.credit_minutes,
      isCounted: row.is_counted, mayAsk: row.may_ask, corrections: row.corrections.map(correctionOf),
    })),
    totals: { minutes: totals.minutes, nightMinutes: totals.night_minutes, creditMinutes: totals.credit_minutes },
    honours: honours.map(({ given_at: givenAt, ...honour }) => ({ ...honour, givenAt })),
    waiting: waiting.map(({ earned_at: earnedAt, ...claim }) => ({ ...claim, earnedAt })),
  }
}

/** Asks that hours be counted otherwise. @throws AppError not_found, status_order: not over, correction_late, conflict: asked already, shift_overlap, invalid_input: further than six hours from the patrol */
export async function askCorrection({ clients }: Services, actor: DeskActor, correction: z.infer<typeof askCorrectionSchema>) {
  return { id: (await pointsQueries(clients, actor).ask(correction)).id }
}

/** The station's ledger without names: corrections to decide, the budget, the rules. @throws AppError forbidden */
export async function listDeskPoints({ clients }: Services, actor: DeskActor): Promise<DeskPoints> {
  const { ok: _ok, may_decide: mayDecide, may_set: maySet, corrections, ...rest } = await pointsQueries(clients, actor).list()
  return {
    ...rest, mayDecide, maySet,
    corrections: corrections.map(row => ({ ...correctionOf(row), volunteer: row.volunteer, isOwn: row.is_own, community: row.community, startsAt: row.starts_at, endsAt: row.ends_at, wasFrom: row.was_from, wasTo: row.was_to })),
  }
}

/** Hours and points follow. @throws AppError not_found, forbidden, not_for_oneself, status_order: decided already, reason_missing, shift_overlap */
export async function decideCorrection({ clients }: Services, actor: DeskActor, id: string, decision: z.infer<typeof decideCorrectionSchema>) {
  return { state: (await pointsQueries(clients, actor).decide(id, decision)).state }
}

/** The chief sets the budget, what a rule earns, or the hours of the night. @throws AppError forbidden, invalid_input, conflict: more was given already */
export async function setPoints({ clients }: Services, actor: DeskActor, wanted: SetPoints): Promise<void> {
  const { set } = pointsQueries(clients, actor)
  await (wanted.act === 'night' ? set({ act: 'night', from: wanted.from, to: wanted.to, credit_percent: wanted.creditPercent }) : set(wanted))
}

/** Notes a training, or a tip that helped; the answer is the same whoever gave the tip. @throws AppError forbidden, not_found, not_for_oneself, invalid_input */
export async function grantPoints({ clients }: Services, actor: DeskActor, granted: GrantPoints): Promise<void> {
  await pointsQueries(clients, actor).grant(granted)
}

/** Pays what waits for a budget, gives honours, forgets the words of corrections decided two years ago. */
export async function advancePoints({ clients }: Services) {
  const { ok: _ok, ...did } = await pointsJobQueries(clients).advance()
  return did
}

/** What `advancePoints` would do now. */
export async function foreseePoints({ clients }: Services) {
  const { ok: _ok, ...would } = await pointsJobQueries(clients).foresee()
  return would
}

function correctionOf({ id, state, from, to, why, note, asked_at: askedAt, decided_at: decidedAt }: CorrectionRow) {
  return { id, state, from, to, why, note, askedAt, decidedAt }
}
