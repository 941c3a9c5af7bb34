import type { EffectiveState, MessageType } from './alert-words.ts'

const endings = { update: 'superseded', cancel: 'cancelled', all_clear: 'cleared' } as const

/** What of a published message decides about its worth. */
export interface Ending { expires: string, endedBy: { messageType: MessageType } | null }

/**
 * What a published message is worth at an instant. What a later message ended stays ended by it, also after its own time would have run out.
 * private.effective_state in the database says the same.
 * @param now ISO 8601 @param alert its `expires` is ISO 8601
 */
export function effectiveState({ expires, endedBy }: Ending, now: string | number | Date): EffectiveState {
  if (endedBy && endedBy.messageType !== 'alert') return endings[endedBy.messageType]
  return Date.parse(expires) <= new Date(now).getTime() ? 'expired' : 'current'
}
