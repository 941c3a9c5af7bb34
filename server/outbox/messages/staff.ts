import { invitationLink } from '#shared/staff/invitation'
import { text } from '../../texts.ts'
import type { MessageFile, MessageKind, Weight } from './message-kind.ts'

/**
 * Mails to staff, and to those who are invited to join. About their own sign-in and rights: whoever did not do this themselves has to
 * know at once, at any hour, and whoever got into the mailbox cannot switch the alarm off.
 */
export const staffMessages: MessageFile = {
  factor_enrolled: aboutSignIn('factor_enrolled'),
  factor_changed: aboutSignIn('factor_changed'),
  factor_reset: aboutSignIn('factor_reset'),
  recovery_used: aboutSignIn('recovery_used'),
  codes_renewed: aboutSignIn('codes_renewed'),
  password_changed: aboutSignIn('password_changed'),
  // Somebody waits for it; the link runs out.
  invited: {
    weight: 'call',
    write: ({ locale, params }, publicUrl) => ({
      subject: text(locale, 'staff.mails.invitedSubject'),
      body: text(locale, 'staff.mails.invited', { link: invitationLink(publicUrl, locale, params.token ?? '') }),
    }),
  },
  proposed: aboutPeople('proposed', 'duty', 'desk/people'),
  changed: aboutPeople('changed', 'call', 'desk'),
}

function aboutSignIn(event: string): MessageKind {
  return {
    weight: 'call',
    write: ({ locale }, publicUrl) => ({
      subject: text(locale, 'staff.mails.subject'),
      body: text(locale, `staff.mails.${event}`, { link: `${publicUrl}/${locale}/desk/second-factor` }),
    }),
  }
}

function aboutPeople(event: string, weight: Weight, page: string): MessageKind {
  return {
    weight,
    write: ({ locale }, publicUrl) => ({
      subject: text(locale, 'staff.mails.peopleSubject'),
      body: text(locale, `staff.mails.${event}`, { link: `${publicUrl}/${locale}/${page}` }),
    }),
  }
}
