import { reporterQueries, type Access } from '#server/db/reports'
import type { Services } from '../services.ts'

/** The reporter takes the report back: clocks stop, the text stays for its retention (RULES D4). @throws AppError not_found, already_withdrawn, already_closed */
export async function withdrawReport(services: Services, reference: string, access: Access): Promise<void> {
  await reporterQueries(services.clients).withdraw(reference, access)
}
