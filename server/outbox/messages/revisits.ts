import { text } from '../../texts.ts'
import type { MessageFile, MessageKind, Weight } from './message-kind.ts'

/** Mails about the ladder: that an answer is awaited or a visit is owed, never about what. */
export const revisitMessages: MessageFile = {
  asked: toReporter('asked', 'important'),
  reminder: toReporter('reminder', 'important'),
  asked_again: toReporter('asked_again', 'important'),
  outcome: toReporter('outcome', 'normal'),
  // To staff of the level above; the desk asks them to sign in.
  overdue: toStaff('overdue'),
  // To staff of the level that a case climbed to.
  climbed: toStaff('climbed'),
}

function toStaff(event: string): MessageKind {
  return {
    weight: 'duty',
    write: ({ locale, reference }, publicUrl) => ({
      subject: text(locale, 'revisits.mails.staffSubject'),
      body: text(locale, `revisits.mails.${event}`, { reference: reference ?? '', link: `${publicUrl}/${locale}/desk/reports/${reference ?? ''}` }),
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
