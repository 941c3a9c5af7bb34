import { describe, expect, it } from 'vitest'
import { effectiveState } from '#shared/alerts/effective-state'

const expires = '2026-11-25T08:00:00Z'

describe('what a published message is worth', () => {
  it.each([['2026-11-25T07:59:59Z', 'current'], ['2026-11-25T08:00:00Z', 'expired'], ['2026-12-25T08:00:00Z', 'expired']] as const)('at %s, ended by none: %s', (now, state) => {
    expect(effectiveState({ expires, endedBy: null }, now)).toBe(state)
  })

  it.each([['update', 'superseded'], ['cancel', 'cancelled'], ['all_clear', 'cleared']] as const)('ended by %s it is %s, also after its own time', (messageType, state) => {
    for (const now of ['2026-11-25T07:00:00Z', '2026-11-26T07:00:00Z']) expect(effectiveState({ expires, endedBy: { messageType } }, now)).toBe(state)
  })
})
