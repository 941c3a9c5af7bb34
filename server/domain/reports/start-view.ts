import { randomBytes } from 'node:crypto'
import { parseReceipt, parseReference } from '#shared/reports/receipt'
import { reporterQueries, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { receiptHash, viewTokenHash } from './receipt.ts'

/** A reference and a receipt as they were typed. What cannot be one is looked up all the same: every wrong pair answers alike. */
export function readTyped(reference: string, receipt: string): { reference: string, receipt: string } {
  return { reference: parseReference(reference) ?? 'LL-0000-0000', receipt: parseReceipt(receipt) ?? '-' }
}

/**
 * Opens a view session of 30 minutes: the token goes into a cookie, its hash into the database (RULES C2).
 * @throws AppError not_found, rate_limited
 */
export async function startView(services: Services, typed: { reference: string, receipt: string }, guessLimits: Limit[]): Promise<{ reference: string, token: string }> {
  const { reference, receipt } = readTyped(typed.reference, typed.receipt)
  const token = randomBytes(24).toString('base64url')
  await reporterQueries(services.clients).startView(reference, receiptHash(services.keys, receipt), viewTokenHash(services.keys, token), guessLimits)
  return { reference, token }
}

/** Ends a view session: the visitor left. */
export async function endView(services: Services, token: string): Promise<void> {
  await reporterQueries(services.clients).endView(viewTokenHash(services.keys, token))
}
