import { text } from '../../texts.ts'
import type { MessageFile, MessageKind } from './message-kind.ts'

/** To staff: that a draft waits for them, never what it is about. */
export const alertReviewMessages: MessageFile = {
  submitted: toStaff('submitted', 'call'),
  returned: toStaff('returned', 'duty'),
}

function toStaff(event: 'submitted' | 'returned', weight: MessageKind['weight']): MessageKind {
  return {
    weight,
    write: ({ locale }, publicUrl) => ({ subject: text(locale, 'alerts.mails.staffSubject'), body: text(locale, `alerts.mails.${event}`, { link: `${publicUrl}/${locale}/desk/alerts` }) }),
  }
}
