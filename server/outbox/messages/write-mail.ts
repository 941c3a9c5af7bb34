import type { Locale } from '#shared/locales'
import { writeAccountMail } from './accounts.ts'
import { writeReportMail } from './reports.ts'

/** What a row of the outbox holds once it is opened. */
export interface OutboxMail {
  template: string
  locale: Locale
  params: Record<string, string>
  reference: string | null
}

export interface MailText { subject: string, body: string }

/** The words of a mail. Subjects are neutral and nothing of a report's content is in it (RULES H1). */
export function writeMail(mail: OutboxMail, publicUrl: string): MailText {
  return mail.template.startsWith('reports.') ? writeReportMail(mail, publicUrl) : writeAccountMail(mail, publicUrl)
}
