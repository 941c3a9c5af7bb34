import { isUrgentColour } from './alert-colours.ts'
import type { AlertColour, AlertKind, AlertState, EffectiveState, MessageType } from './alert-words.ts'

/** Everything that somebody at the desk can do with a message. */
export const alertActs = ['edit', 'submit', 'return', 'discard', 'approve', 'publish', 'override', 'update', 'cancel', 'all_clear', 'exercise'] as const
export type AlertAct = (typeof alertActs)[number]

/** A message as far as rights depend on it. `needsSecondPerson`: it, or the message of its chain that speaks now, is orange or red. */
export interface ActedOn {
  state: AlertState, effectiveState: EffectiveState | null, messageType: MessageType, kind: AlertKind, colour: AlertColour | null, needsSecondPerson: boolean
  createdBy: string, editedBy: string, approvedBy: string | null, communityIds: readonly string[]
}

/** `communityIds`: those that an officer looks after today. */
export interface DeskPerson { id: string, role: string, communityIds: readonly string[] }

/** Does somebody have to look who did not write it? (RULES E4) */
export const needsSecondPerson = (alert: Pick<ActedOn, 'colour' | 'needsSecondPerson'>): boolean => alert.needsSecondPerson || isUrgentColour(alert.colour)

/** Is this person another one than who began it and who changed it last? */
export const isSecondPerson = (alert: Pick<ActedOn, 'createdBy' | 'editedBy'>, person: Pick<DeskPerson, 'id'>): boolean => person.id !== alert.createdBy && person.id !== alert.editedBy

/** May this person do that now? The database decides by the same rules; here buttons are shown or left out. */
export function mayDo(act: AlertAct, alert: ActedOn, person: DeskPerson): boolean {
  const leads = person.role === 'lead' || person.role === 'chief'
  if (!leads && !(person.role === 'officer' && isWithinReach(alert, person))) return false
  if (alert.state === 'published') return mayContinue(act, alert)
  if (alert.state === 'discarded') return false
  switch (act) {
    case 'edit': return true
    case 'submit': return alert.state === 'draft'
    case 'discard': return leads || alert.createdBy === person.id
    case 'return': return leads && alert.state === 'in_review'
    case 'approve': return leads && alert.state === 'in_review' && alert.approvedBy === null && isSecondPerson(alert, person)
    case 'publish': return leads && isHandedIn(alert, person) && (!needsSecondPerson(alert) || alert.approvedBy !== null || (alert.state === 'in_review' && isSecondPerson(alert, person)))
    case 'override': return person.role === 'chief' && isHandedIn(alert, person) && needsSecondPerson(alert) && alert.approvedBy === null
    default: return false
  }
}

// What a colleague still writes is theirs to hand in.
const isHandedIn = (alert: ActedOn, person: DeskPerson) => alert.state === 'in_review' || alert.editedBy === person.id

const isWithinReach = (alert: ActedOn, person: DeskPerson) =>
  alert.communityIds.every(id => person.communityIds.includes(id)) && (alert.communityIds.length > 0 || alert.createdBy === person.id)

function mayContinue(act: AlertAct, { effectiveState, messageType, kind }: ActedOn): boolean {
  const speaks = effectiveState === 'current' && messageType !== 'cancel' && messageType !== 'all_clear'
  switch (act) {
    case 'update': case 'cancel': return speaks
    case 'all_clear': return speaks && kind === 'warning'
    case 'exercise': return true
    default: return false
  }
}
