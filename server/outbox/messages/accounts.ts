import { text } from '../../texts.ts'
import type { MessageFile } from './message-kind.ts'

/** Mails of the sign-in; their params hold the code. */
export const accountMessages: MessageFile = {
  code: {
    weight: 'code',
    write: ({ locale, params }, publicUrl) => ({
      subject: text(locale, 'accounts.mails.subject'),
      body: text(locale, 'accounts.mails.code', { ...params, link: `${publicUrl}/${locale}/sign-in/code` }),
    }),
  },
}
