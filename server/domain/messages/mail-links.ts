import type { MailSubject } from '#shared/messages/mail-settings'
import type { Locale } from '#shared/locales'
import type { Services } from '../services.ts'
import { openBytes, sealText } from '../trust/envelope.ts'

const kinds = { user: 1, report: 2 } as const
const about = 'messages:settings'

/**
 * The token in the links of a mail: names an account or a report so that the portal alone can read it, and nobody can make one. It gives the right to
 * say what is mailed, and nothing else.
 */
export function settingsToken({ keys }: Pick<Services, 'keys'>, { kind, id }: MailSubject): string {
  const { id: keyId, key } = keys.secret('outbox')
  const [, , iv, body] = sealText(key, Buffer.concat([Buffer.of(kinds[kind]), Buffer.from(id.replaceAll('-', ''), 'hex')]), about, keyId).split('.')
  return `${iv}.${body}`
}

/** Whom a token speaks of; undefined for one that is not ours. */
export function readSettingsToken({ keys }: Pick<Services, 'keys'>, token: string): MailSubject | undefined {
  if (!/^[\w-]{16}\.[\w-]{44}$/.test(token)) return undefined
  try {
    const bytes = openBytes(keys.secret('outbox').key, `v1.t.${token}`, about)
    const id = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(bytes.subarray(1).toString('hex'))?.slice(1).join('-')
    return id ? { kind: bytes[0] === kinds.user ? 'user' : 'report', id } : undefined
  }
  catch {
    return undefined // anything that does not open: not ours
  }
}

/** Where a recipient says what they want to be mailed: a page, and an address that takes one POST (RFC 8058) and leads to that page in a browser, in the language of the mail. */
export function mailLinks(services: Pick<Services, 'keys' | 'settings'>, subject: MailSubject, locale: Locale): { settings: string, unsubscribe: string } {
  const token = settingsToken(services, subject)
  const { publicUrl } = services.settings
  return { settings: `${publicUrl}/${locale}/messages/${token}`, unsubscribe: `${publicUrl}/api/messages/${token}/unsubscribe?locale=${locale}` }
}
