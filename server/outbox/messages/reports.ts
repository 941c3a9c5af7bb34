import { text } from '../../texts.ts'
import type { MailText, OutboxMail } from './write-mail.ts'

/** Mails about a report: that something is new and where to read it, never what. Template `reports.<event>`. */
export function writeReportMail({ template, locale, reference }: OutboxMail, publicUrl: string): MailText {
  const event = template.slice('reports.'.length)
  return {
    subject: text(locale, 'reports.mails.subject'),
    body: text(locale, `reports.mails.${event}`, { reference: reference ?? '', link: `${publicUrl}/${locale}/reports/track` }),
  }
}
