import { randomBytes } from 'node:crypto'
import { encodeReceipt } from '#shared/reports/receipt'
import { reporterQueries, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { receiptHash } from './receipt.ts'

/** Public, reviewed, open reports of the same kind in the same grid. @param grid id of the grid */
export function listNearbyReports(services: Services, category: string, grid: string) {
  return reporterQueries(services.clients).nearby(category, grid)
}

/** Follows a public report instead of filing it again; the receipt opens its states. @throws AppError not_found, rate_limited */
export async function followReport(services: Services, reference: string, limits: Limit[]): Promise<{ reference: string, receipt: string }> {
  const receipt = encodeReceipt(randomBytes(15))
  await reporterQueries(services.clients).follow(reference, receiptHash(services.keys, receipt), limits)
  return { reference, receipt }
}
