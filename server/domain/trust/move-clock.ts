import { moveDemoClock } from '#server/db/clock'
import type { Services } from '../services.ts'

/** Moves the clock of a demo station forward; every rule and page follows it (RULES D5). @param now ISO 8601 @throws AppError forbidden, invalid_input */
export async function moveClock({ clients }: Services, now: string): Promise<string> {
  return (await moveDemoClock(clients, now)).now
}
