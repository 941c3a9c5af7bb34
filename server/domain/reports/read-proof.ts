import { AppError } from '#shared/errors'
import { reporterQueries, type Access, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { proveReceipt, type InclusionProof } from '../trust/prove-receipt.ts'
import type { Statement } from '../trust/statement.ts'
import { readTracking } from './track-report.ts'
import type { ReportContent } from './report-content.ts'

/** The whole receipt: what `scripts/verify-receipt.mjs` checks without us. With the content, whoever has the file can read the report. */
export interface WholeReceipt { statement: Statement, nonce: string | null, content: ReportContent | null, proof: InclusionProof | null }

/**
 * Statement, nonce, content and inclusion proof, for whoever has the receipt.
 * @param guessLimits used up by wrong receipts only
 * @throws AppError not_found, rate_limited
 */
export async function readProof(services: Services, reference: string, access: Access, guessLimits: Limit[]): Promise<WholeReceipt> {
  const row = await reporterQueries(services.clients).track(reference, access, guessLimits)
  const { statement, content } = readTracking(services, row)
  if (!statement || !row.report.content_hash) throw new AppError('not_found')
  return { statement, nonce: row.report.nonce, content, proof: await proveReceipt(services, reference, row.report.content_hash) }
}
