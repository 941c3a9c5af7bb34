import { text } from '../../texts.ts'
import type { MessageFile, MessageKind } from './message-kind.ts'

/** Calls to duty: that something waits and where to sign in, never what. The urgent ones are part of being on duty, so no setting stops them. */
export const dutyMessages: MessageFile = {
  urgent: call('urgent'),
  climbed: call('climbed'),
  unopened: {
    weight: 'duty',
    write: ({ locale }, publicUrl) => ({
      subject: text(locale, 'staff.duty.mails.unopenedSubject'),
      body: text(locale, 'staff.duty.mails.unopened', { link: `${publicUrl}/${locale}/desk?tab=overdue` }),
    }),
  },
}

function call(event: 'urgent' | 'climbed'): MessageKind {
  return {
    weight: 'call',
    write: ({ locale, reference }, publicUrl) => ({
      subject: text(locale, 'staff.duty.mails.subject'),
      body: text(locale, `staff.duty.mails.${event}`, { reference: reference ?? '', link: `${publicUrl}/${locale}/desk/reports/${reference ?? ''}` }),
    }),
  }
}
