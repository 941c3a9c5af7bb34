import { text } from '../../texts.ts'
import type { MailText, OutboxMail } from './write-mail.ts'

/** Mails of the sign-in. Template `accounts.<event>`; their params hold the code. */
export function writeAccountMail({ template, locale, params }: OutboxMail, publicUrl: string): MailText {
  const event = template.slice('accounts.'.length)
  return {
    subject: text(locale, 'accounts.mails.subject'),
    body: text(locale, `accounts.mails.${event}`, { ...params, link: `${publicUrl}/${locale}/sign-in/code` }),
  }
}
