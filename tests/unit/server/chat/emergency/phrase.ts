import type { EmergencyKind } from '#server/chat/emergency/emergency-kinds'

/** One written phrase and what the rules should make of it (`null`: no call card). */
export interface Phrase {
  text: string
  expect: EmergencyKind | null
  /** What makes the phrase worth keeping; `everyday` is ordinary business without any danger word play. */
  why: 'present' | 'negation' | 'past' | 'figure' | 'question' | 'mixed' | 'typo' | 'everyday'
}
