import { text } from '../../texts.ts'
import type { MessageFile, MessageKind } from './message-kind.ts'

/** About patrols: that something changed, never who is on a shift nor where it goes. */
export const patrolMessages: MessageFile = {
  applied: toStaff('applied'),
  empty: toStaff('empty'),
  called_off: toStaff('called_off'),
  swap: toStaff('swap'),
  // Somebody may be in need: at any hour.
  overdue: toStaff('overdue', 'call'),
  overdue_lead: toVolunteer('overdue_lead', 'call'),
  decided: toVolunteer('decided', 'important'),
  offered: toVolunteer('offered', 'urgent'),
  changed: toVolunteer('changed', 'urgent'),
  cancelled: toVolunteer('cancelled', 'urgent'),
  reminder: toVolunteer('reminder', 'urgent'),
  locked: toVolunteer('locked', 'important'),
  swapped: toVolunteer('swapped', 'urgent'),
  certificate: toVolunteer('certificate', 'important'),
}

function toStaff(event: 'applied' | 'empty' | 'called_off' | 'swap' | 'overdue', weight: MessageKind['weight'] = 'duty'): MessageKind {
  return { weight, write: ({ locale }, publicUrl) => ({ subject: text(locale, 'patrols.mails.staffSubject'), body: text(locale, `patrols.mails.${event}`, { link: `${publicUrl}/${locale}/desk/patrols` }) }) }
}

function toVolunteer(event: 'decided' | 'offered' | 'changed' | 'cancelled' | 'reminder' | 'locked' | 'swapped' | 'certificate' | 'overdue_lead', weight: MessageKind['weight']): MessageKind {
  return {
    weight,
    write: ({ locale }, publicUrl) => ({ subject: text(locale, 'patrols.mails.subject'), body: text(locale, `patrols.mails.${event}`, { link: `${publicUrl}/${locale}/patrols/me` }) }),
    // What is offered may be gone by the time it is read: the answer shows what there is, with the buttons for it.
    buttons: locale => [{ label: text(locale, 'chat.patrols.mine'), data: 'start.patrols' }],
  }
}
