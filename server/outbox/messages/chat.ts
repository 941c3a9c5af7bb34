import { text } from '../../texts.ts'
import type { MessageFile, MessageKind } from './message-kind.ts'

/** To staff: that somebody in the chat waits for a person, never who or what about. */
export const chatMessages: MessageFile = {
  waiting: toDesk('waiting'),
  // To whoever leads: nobody has answered for half an hour.
  late: toDesk('late'),
}

function toDesk(event: 'waiting' | 'late'): MessageKind {
  return {
    weight: 'duty',
    write: ({ locale }, publicUrl) => ({
      subject: text(locale, 'desk.chats.mail.subject'),
      body: text(locale, `desk.chats.mail.${event}`, { link: `${publicUrl}/${locale}/desk/chats` }),
    }),
  }
}
