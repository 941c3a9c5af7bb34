import { text } from '../../texts.ts'
import type { MessageFile, MessageKind, Weight } from './message-kind.ts'

/** Mails about a report: that something is new and where to read it, never what. */
export const reportMessages: MessageFile = {
  received: about('received', 'normal'),
  status_changed: about('status_changed', 'normal'),
  // A letter of the desk may ask something.
  message_received: about('message_received', 'important'),
}

function about(event: string, weight: Weight): MessageKind {
  return {
    weight,
    write: ({ locale, reference }, publicUrl) => ({
      subject: text(locale, 'reports.mails.subject'),
      body: text(locale, `reports.mails.${event}`, { reference: reference ?? '', link: `${publicUrl}/${locale}/reports/track` }),
    }),
  }
}
