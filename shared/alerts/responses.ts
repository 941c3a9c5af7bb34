import type { AlertKind, MessageType } from './alert-words.ts'

/** What somebody answers to an alert: it was read, they are safe, they need help, they know something. */
export const responseKinds = ['seen', 'safe', 'help', 'know'] as const
export type ResponseKind = (typeof responseKinds)[number]

/** What makes sense to answer, in the order of the buttons. Help is asked for wherever something is going on. */
export function responsesFor({ kind, messageType }: { kind: AlertKind, messageType: MessageType }): readonly ResponseKind[] {
  if (messageType === 'cancel' || messageType === 'all_clear' || kind === 'solved') return ['seen']
  return kind === 'warning' ? responseKinds : ['seen', 'know']
}
