import { AppError } from '#shared/errors'
import { accountQueries, isPasswordOf } from '#server/db/accounts'
import { returnLimits, type Limit } from '#server/db/reports'
import type { PasswordPage } from '#shared/accounts/account-page'
import type { Services } from '../services.ts'
import type { Actor } from './actor.ts'
import { checkPassword } from './check-password.ts'
import { countAct } from './count-act.ts'
import type { Visit } from './visit.ts'

/** What to say about a password that is refused, under its field. */
export const weaknessWords = { too_short: 'accounts.errors.passwordShort', too_long: 'accounts.errors.passwordLong', too_common: 'accounts.errors.passwordCommon' } as const

/**
 * What has to be shown before a password may be set, so that an open browser alone is not enough: a code entered in the last ten
 * minutes, or the current password.
 */
export function whatToAsk(hasPassword: boolean, isProved: boolean): PasswordPage['asks'] {
  if (isProved) return 'nothing'
  return hasPassword ? 'current' : 'proof'
}

/**
 * Sets or changes the password and ends the account's other sessions. Staff do so in a session that has shown the second factor.
 * @param limits what a wrong current password uses up
 * @throws AppError invalid (the current one is wrong, or the new one weak), forbidden (a fresh code is needed), second_factor_required, session_locked, session_ended,
 * rate_limited, unavailable
 */
export async function changePassword(services: Services, visit: Visit, actor: Actor, { current = '', password, isProved, limits }: { current?: string, password: string, isProved: boolean, limits: Limit[] }): Promise<void> {
  const weakness = await checkPassword(password)
  if (weakness) throw new AppError('invalid', {}, { fields: { password: { key: weaknessWords[weakness] } } })
  const queries = accountQueries(services.clients, actor)
  const account = await queries.read()
  const asks = whatToAsk(account.has_password, isProved)
  if (asks === 'proof') throw new AppError('forbidden')
  if (asks === 'current') {
    await countAct(services, limits)
    if (!await isPasswordOf(services.clients, account.email, current)) throw new AppError('invalid', {}, { fields: { current: { key: 'accounts.errors.currentWrong' } } })
    await returnLimits(services.clients, limits)
  }
  await queries.permitPassword()
  await visit.setPassword(password, asks === 'current' ? { email: account.email, password: current } : undefined)
}
