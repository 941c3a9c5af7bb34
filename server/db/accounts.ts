import { z } from 'zod'
import { AppError } from '#shared/errors'
import { accountSchema } from '#shared/accounts/account-page'
import { call, type Clients } from './clients.ts'

const permitPasswordChangeAnswer = z.object({ ok: z.literal(true) })
const saveProfileAnswer = z.object({ ok: z.literal(true) })

/** What people read and change about their own account, under their own token. */
export function accountQueries({ as }: Clients, { accessToken }: { accessToken: string }) {
  const client = as(accessToken)
  return {
    read: () => call(client, 'get_account', undefined as never, accountSchema),
    /** Staff set a password within the next minute. @throws AppError second_factor_required, session_locked, session_ended */
    permitPassword: () => call(client, 'permit_password_change', undefined as never, permitPasswordChangeAnswer),
    saveProfile: (community: string | undefined, locale: string) => call(client, 'save_profile', { p_community: (community ?? null) as never, p_locale: locale }, saveProfileAnswer),
  }
}

/** Is this the password of the address? Asked beside the session, which stays as it is. @throws AppError unavailable, rate_limited */
export async function isPasswordOf({ guest }: Clients, email: string, password: string): Promise<boolean> {
  const client = guest()
  const { error } = await client.auth.signInWithPassword({ email, password })
  if (error && (!error.status || error.status >= 500)) throw new AppError('unavailable', {}, { cause: error })
  if (error?.status === 429) throw new AppError('rate_limited', { seconds: 60 }, { cause: error })
  if (!error) await client.auth.signOut({ scope: 'local' })
  return !error
}
