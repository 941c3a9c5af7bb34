import type { RetentionChange, RetentionPage, RetentionRule } from '#shared/trust/retention'
import { deskRetentionQueries, listRetentionRules, type RuleRow } from '#server/db/retention'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'

const ruleOf = ({ keep_seconds, least_days, most_days, ...rule }: RuleRow): RetentionRule => ({ ...rule, keepSeconds: keep_seconds, leastDays: least_days, mostDays: most_days })

/** What is kept how long, as anybody may read it. */
export async function readRetentionRules({ clients }: Services): Promise<RetentionRule[]> {
  return (await listRetentionRules(clients)).map(ruleOf)
}

/** Rules, what the next runs would take, what the last did, and holds on reports that the reader may see. @throws AppError forbidden for all but chief, auditor and admin */
export async function readRetention({ clients }: Services, actor: Actor): Promise<RetentionPage> {
  const { may_change, rules, categories, next: { reports, held, ...byKind }, jobs, runs, holds } = await deskRetentionQueries(clients, actor).read()
  return {
    mayChange: may_change, rules: rules.map(ruleOf), categories, runs, next: { byCategory: reports, held, byKind },
    jobs: jobs.map(({ started_at, finished_at, failed_with, ...job }) => ({ ...job, startedAt: started_at, finishedAt: finished_at, failedWith: failed_with })),
    holds: holds.map(({ placed_at, placed_by, ...hold }) => ({ ...hold, placedAt: placed_at, placedBy: placed_by })),
  }
}

/** A shorter term of a kind of matter holds for reports that come after it. @throws AppError forbidden for all but the chief, invalid_input outside the bounds */
export async function changeRetention({ clients }: Services, actor: Actor, change: RetentionChange): Promise<{ days: number }> {
  const { days } = await deskRetentionQueries(clients, actor).change(change)
  return { days }
}

/** Keeps a report beyond its time. @throws AppError not_found, reason_missing (under ten characters), conflict when it is held already */
export async function holdReport({ clients }: Services, actor: Actor, { reference, reason }: { reference: string, reason: string }): Promise<void> {
  await deskRetentionQueries(clients, actor).hold(reference, reason)
}

/** @throws AppError not_found */
export async function liftHold({ clients }: Services, actor: Actor, reference: string): Promise<void> {
  await deskRetentionQueries(clients, actor).lift(reference)
}
