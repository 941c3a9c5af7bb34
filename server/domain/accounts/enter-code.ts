import { randomBytes } from 'node:crypto'
import { AppError } from '#shared/errors'
import type { Decision } from '#shared/accounts/consents'
import type { Locale } from '#shared/locales'
import { accountQueries } from '#server/db/accounts'
import { takeLimits, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { saveConsents } from './consents.ts'
import { countAct } from './count-act.ts'
import type { Ticket } from './sign-in-ticket.ts'
import type { Visit } from './visit.ts'
import { arrive, type Arrival } from './arrive.ts'

/** Ten guesses at a code of six digits are one chance in 100,000. */
const guesses = 10

/**
 * Signs in with the mailed code. After ten wrong tries the code is dead and answers like a wrong one; the owner asks for another.
 * @param limits what the sender's network address uses up
 * @throws AppError wrong_code, rate_limited, unavailable
 */
export async function enterCode(services: Services, visit: Visit, { ticket, code, locale, limits }: { ticket: Ticket, code: string, locale: Locale, limits: Limit[] }): Promise<Arrival> {
  await countAct(services, limits)
  const bucket = `account.guess:${services.keys.mac('address', `code ${ticket.codeId}`).toString('base64url')}`
  await takeLimits(services.clients, [{ bucket, times: guesses, seconds: 3600 }]).catch((cause: unknown) => {
    throw cause instanceof AppError && cause.code === 'rate_limited' ? new AppError('wrong_code', {}, { cause }) : cause
  })
  const earlier = await visit.readToken()
  const { isFirst } = await visit.verifyCode(ticket.email, code)
  const arrival = await arrive(services, visit, earlier)
  // Somebody else may have set a password while the address was not proved yet, straight at Supabase Auth.
  if (isFirst && arrival.account.has_password) await visit.setPassword(randomBytes(32).toString('base64url'))
  if (ticket.flow === 'sign_up' || isFirst) await accountQueries(services.clients, arrival.actor).saveProfile(ticket.community, locale)
  if (ticket.consents) await saveAgreed(services, arrival, ticket.consents, locale)
  return arrival
}

/** A text that changed in these ten minutes is asked again on the account page: nobody is kept out for it. */
async function saveAgreed(services: Services, { actor }: Arrival, consents: readonly Decision[], locale: Locale) {
  await saveConsents(services, actor, consents, locale).catch((thrown: unknown) => {
    if (!(thrown instanceof AppError && thrown.code === 'conflict')) throw thrown
  })
}
