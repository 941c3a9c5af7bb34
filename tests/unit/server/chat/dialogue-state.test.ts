import { describe, expect, it } from 'vitest'
import { newState, parseState } from '#server/chat/dialogue-state'
import type { Outcome } from '#server/chat/turn'

describe('the state of a dialogue', () => {
  it('comes back from where it was kept as it was', () => {
    const outcome: Outcome = { replies: [], intent: 'report', confidence: 1, state: { ...newState(), dialogue: { intent: 'report', id: '3b0a4f9e-5f0e-4a55-9a0e-0d6d3f6b7c11', fromTurn: 2, step: 'place', slots: { category: 'theft' } } } }

    expect(parseState(JSON.parse(JSON.stringify(outcome.state)))).toEqual(outcome.state)
  })

  it.each([{ ...newState(), version: 0 }, { version: 1, misses: 'many' }, null, 'state'])('of another version or shape is none: %j', (kept) => {
    expect(parseState(kept)).toBeUndefined()
  })
})
