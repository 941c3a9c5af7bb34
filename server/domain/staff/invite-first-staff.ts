import { invitationQueries, type FirstPerson } from '#server/db/people'
import type { Locale } from '#shared/locales'
import { invitationLink } from '#shared/staff/invitation'
import type { Services } from '../services.ts'
import { newInvitationToken, sealInvitation } from './invitation-token.ts'

/** Somebody a new station begins with. */
export interface FirstStaff { email: string, name: { zh: string, en: string }, badgeNumber: string, locale: Locale }

/**
 * Invites the first chief and the first administrator of a station, who let in everybody else (RULES A5); the chief alone once an administrator is at
 * work. Asked again before the chief has come, it makes new links; the older ones end only if it can. They are answered because mail may not be working yet: whoever sets up hands them on.
 * @throws AppError already_set_up when the station has an active chief, not_found, invalid_input, already_staff, already_invited, badge_taken
 */
export async function inviteFirstStaff({ clients, keys, settings }: Services, { stationId, chief, admin }: { stationId: string, chief: FirstStaff, admin: FirstStaff | undefined }): Promise<{ chief: string, admin: string | undefined, expiresAt: string }> {
  const tokens = { chief: newInvitationToken(), admin: newInvitationToken() }
  const row = (role: 'chief' | 'admin', { email, name, badgeNumber, locale }: FirstStaff): FirstPerson => ({ role, email, name, badge_number: badgeNumber, locale, ...sealInvitation(keys, { token: tokens[role], email }) })
  const { expires_at: expiresAt } = await invitationQueries(clients).inviteFirst(stationId, [row('chief', chief), ...admin ? [row('admin', admin)] : []])
  return { chief: invitationLink(settings.publicUrl, chief.locale, tokens.chief), admin: admin && invitationLink(settings.publicUrl, admin.locale, tokens.admin), expiresAt }
}
