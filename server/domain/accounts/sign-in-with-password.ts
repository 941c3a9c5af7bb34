import { returnLimits, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { answerNoSoonerThan } from './answer-time.ts'
import { countAct } from './count-act.ts'
import type { Visit } from './visit.ts'

/**
 * Signs in by e-mail and password. Only failures count: whoever gets in gives the turn back. Unknown, unproved and known addresses
 * answer alike, also in time.
 * @returns the token of the session that the browser had before, to be ended
 * @throws AppError wrong_credentials, rate_limited, unavailable
 */
export async function signInWithPassword(services: Services, visit: Visit, { email, password, limits }: { email: string, password: string, limits: Limit[] }): Promise<string | undefined> {
  await countAct(services, limits)
  const earlier = await visit.readToken()
  await answerNoSoonerThan(visit.signInWithPassword(email, password))
  await returnLimits(services.clients, limits)
  return earlier
}
