import { lookUpReportRow, type Limit } from '#server/db/reports'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'
import { receiptHash } from './receipt.ts'
import { readTyped } from './start-view.ts'
import { readTracking, type TrackedReport } from './track-report.ts'

/**
 * What somebody who shows their receipt at the counter would see themselves. Logged as an opening, and shown to them as one.
 * @param guessLimits used up by wrong receipts only
 * @throws AppError forbidden, not_found (wrong receipt, unknown reference and what the asker may not see alike), rate_limited
 */
export async function lookUpReport(services: Services, actor: Actor, typed: { reference: string, receipt: string }, guessLimits: Limit[]): Promise<TrackedReport & { mayOpen: boolean }> {
  const { reference, receipt } = readTyped(typed.reference, typed.receipt)
  const { may_open: mayOpen, ...row } = await lookUpReportRow(services.clients, { actor: actor.userId, session: actor.sessionId, reference, receipt_hash: receiptHash(services.keys, receipt), guess_limits: guessLimits })
  return { ...readTracking(services, row), mayOpen }
}
