import { text } from '../../texts.ts'
import { accountMessages } from './accounts.ts'
import { alertReviewMessages } from './alert-review.ts'
import { alertMessages } from './alerts.ts'
import { chatMessages } from './chat.ts'
import { dutyMessages } from './duty.ts'
import { isOwed, type MailText, type MessageFile, type MessageKind, type OutboxMail } from './message-kind.ts'
import { patrolMessages } from './patrols.ts'
import { reportMessages } from './reports.ts'
import { revisitMessages } from './revisits.ts'
import { staffMessages } from './staff.ts'

/** The nouns that write mails; a noun adds its file here. */
const files: Record<string, MessageFile> = { accounts: accountMessages, alerts: { ...alertMessages, ...alertReviewMessages }, chat: chatMessages, duty: dutyMessages, patrols: patrolMessages, reports: reportMessages, revisits: revisitMessages, staff: staffMessages }

/** The kind of message behind `reports.received`; undefined for one that this version has no words for. */
export function messageKind(template: string): MessageKind | undefined {
  const [noun = '', event = ''] = template.split('.')
  const file = Object.hasOwn(files, noun) ? files[noun] : undefined
  return file && Object.hasOwn(file, event) ? file[event] : undefined
}

/** The words of a mail. @param links of the portal; `settings` is the recipient's own page of what they want to be mailed */
export function writeMail(mail: OutboxMail, { publicUrl, settings }: { publicUrl: string, settings?: string }): MailText | undefined {
  const kind = messageKind(mail.template)
  const written = kind?.write(mail, publicUrl)
  if (!written || !settings) return written
  return { ...written, body: `${written.body}\n\n-- \n${text(mail.locale, kind?.footer ?? (isOwed(kind?.weight) ? 'messages.dutyFooter' : 'messages.footer'), { link: settings })}` }
}
