import { takeLimits, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'

/** Counts an act whose work is done outside the database, such as a sign-in. @throws AppError rate_limited */
export async function countAct(services: Services, limits: Limit[]): Promise<void> {
  await takeLimits(services.clients, limits)
}
