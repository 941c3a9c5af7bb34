import { AppError } from '#shared/errors'
import type { MailSettings } from '#shared/messages/mail-settings'
import { mailSettingsQueries } from '#server/db/messages'
import type { Services } from '../services.ts'
import { readSettingsToken } from './mail-links.ts'

/** What the recipient behind a link wants to be mailed. @throws AppError not_found for a link that is not ours, or whose report or account is gone */
export async function readMailSettings(services: Services, token: string): Promise<MailSettings & { reference?: string, hasDuty: boolean }> {
  const { reference, level, quiet_from, quiet_to, has_duty: hasDuty } = await queriesFor(services, token).read()
  return { level, hasDuty, quiet: { from: quiet_from, to: quiet_to }, ...(reference && { reference }) }
}

/** Keeps what the recipient wants from now on. @throws AppError not_found */
export async function saveMailSettings(services: Services, token: string, settings: MailSettings): Promise<void> {
  await queriesFor(services, token).save(settings)
}

/** Ends the mails of an account or a report, sign-in codes and those of a duty aside (RFC 8058). @throws AppError not_found */
export async function unsubscribe(services: Services, token: string): Promise<void> {
  await queriesFor(services, token).save({ level: 'none' })
}

function queriesFor(services: Services, token: string) {
  const subject = readSettingsToken(services, token)
  if (!subject) throw new AppError('not_found')
  return mailSettingsQueries(services.clients, subject)
}
