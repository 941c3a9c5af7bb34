import { text } from '../../texts.ts'
import type { MessageFile, MessageKind, Weight } from './message-kind.ts'

/** Mails about the ladder: that an answer is awaited or a visit is owed, never about what. */
export const revisitMessages: MessageFile = {
  asked: toReporter('asked', 'important'),
  reminder: toReporter('reminder', 'important'),
  asked_again: toReporter('asked_again', 'important'),
  outcome: toReporter('outcome', 'normal'),
  // To staff of the level above; the desk asks them to sign in.
  overdue: toStaff('overdue', 'report'),
  // A chief's late visit: to the chiefs as their own, and to the auditors, who see it in their list and may not open the report.
  overdue_own: toStaff('overdue_own', 'report'),
  overdue_chief: toStaff('overdue_chief', 'list'),
  // To staff of the level that a case climbed to.
  climbed: toStaff('climbed', 'report'),
  // Several of these for one recipient, in one mail.
  several: toStaff('several', 'list'),
}

function toStaff(event: string, to: 'report' | 'list'): MessageKind {
  return {
    weight: 'duty',
    write: ({ locale, reference, matters }, publicUrl) => ({
      subject: text(locale, 'revisits.mails.staffSubject'),
      body: text(locale, `revisits.mails.${event}`, { reference: reference ?? '', count: String(matters), link: `${publicUrl}/${locale}/desk/${to === 'report' && reference ? `reports/${reference}` : 'revisits'}` }),
    }),
  }
}

function toReporter(event: string, weight: Weight): MessageKind {
  return {
    weight,
    write: ({ locale, reference }, publicUrl) => ({
      subject: text(locale, 'revisits.mails.subject'),
      body: text(locale, `revisits.mails.${event}`, { reference: reference ?? '', link: `${publicUrl}/${locale}/reports/track` }),
    }),
  }
}
