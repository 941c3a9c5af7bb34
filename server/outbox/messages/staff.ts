import { text } from '../../texts.ts'
import type { MessageFile, MessageKind } from './message-kind.ts'

/** Mails to staff about their own sign-in: whoever did not do this themselves has to know at once, at any hour. */
export const staffMessages: MessageFile = {
  factor_enrolled: aboutSignIn('factor_enrolled'),
  factor_changed: aboutSignIn('factor_changed'),
  factor_reset: aboutSignIn('factor_reset'),
  recovery_used: aboutSignIn('recovery_used'),
}

function aboutSignIn(event: string): MessageKind {
  return {
    weight: 'urgent',
    write: ({ locale }, publicUrl) => ({
      subject: text(locale, 'staff.mails.subject'),
      body: text(locale, `staff.mails.${event}`, { link: `${publicUrl}/${locale}/desk/second-factor` }),
    }),
  }
}
