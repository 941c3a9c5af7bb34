import { reporterQueries, type Access, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'

/** The reporter takes the report back: clocks stop, the text stays for its retention (RULES D4). @param guessLimits used up by wrong receipts only @throws AppError not_found, rate_limited, already_withdrawn, already_closed */
export async function withdrawReport(services: Services, reference: string, access: Access, guessLimits: Limit[] = []): Promise<void> {
  await reporterQueries(services.clients).withdraw(reference, access, guessLimits)
}
