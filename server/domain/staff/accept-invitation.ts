import { AppError } from '#shared/errors'
import { invitationQueries, makeAuthUser } from '#server/db/people'
import type { Limit } from '#server/db/reports'
import type { OpenInvitation } from '#shared/staff/invitation'
import { arrive } from '../accounts/arrive.ts'
import { weaknessWords } from '../accounts/change-password.ts'
import { checkPassword } from '../accounts/check-password.ts'
import type { Visit } from '../accounts/visit.ts'
import type { Services } from '../services.ts'
import { invitationTokenHash } from './invitation-token.ts'

/** What the link shows. @param limits what a wrong link uses up @throws AppError invitation_ended, rate_limited */
export async function readInvitation({ clients, keys }: Services, token: string, limits: Limit[]): Promise<OpenInvitation> {
  const { email, role, name, badge_number: badgeNumber, station, expires_at: expiresAt, time_zone: timeZone } = await invitationQueries(clients).read(invitationTokenHash(keys, token), limits)
  return { email, role, name, badgeNumber, station, expiresAt, timeZone }
}

/**
 * Makes the account of an invited person and lets them join under the name that two people agreed to; then they are signed in, and a session that
 * the browser had before ends. The link works once. An attempt that broke off between the
 * account and the joining is ended by the next one.
 * @throws AppError invitation_ended, rate_limited, invalid (password), address_taken (a resident's account has this address), unavailable
 */
export async function acceptInvitation(services: Services, visit: Visit, { token, password, limits }: { token: string, password: string, limits: Limit[] }): Promise<void> {
  const { clients, keys } = services
  const queries = invitationQueries(clients)
  const hash = invitationTokenHash(keys, token)
  const { user_id: id, email } = await queries.read(hash, limits)
  const weakness = await checkPassword(password)
  if (weakness) throw new AppError('invalid', {}, { fields: { password: { key: weaknessWords[weakness] } } })
  await makeAuthUser(clients, { id, email, password })
  await queries.accept(hash)
  const earlier = await visit.readToken()
  await visit.signInWithPassword(email, password)
  await arrive(services, visit, earlier)
}
