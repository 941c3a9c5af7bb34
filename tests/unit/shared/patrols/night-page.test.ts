import { describe, expect, it } from 'vitest'
import { standingOf } from '#shared/patrols/night-page'
import type { Night } from '#shared/patrols/night-schema'

const night = (changes: Partial<Pick<Night, 'phase' | 'leads'>> & { isOpened?: boolean, outAt?: string | null }): Parameters<typeof standingOf>[0] => ({
  phase: changes.phase ?? 'roll_call', leads: changes.leads ?? false,
  rollCall: { opensAt: '2026-11-24T11:30:00Z', closesAt: '2026-11-24T12:15:00Z', isOpened: changes.isOpened ?? true, isMine: false },
  mine: { place: '4f3c', state: 'confirmed', how: 'code', presentAt: '2026-11-24T11:50:00Z', outAt: changes.outAt ?? null, triesLeft: 5 },
})

describe('what a night is for the one who looks', () => {
  it.each([
    ['amina waits for her lead', night({ isOpened: false }), 'waitForLead'],
    ['the lead waits for nobody', night({ isOpened: false, leads: true }), 'roll_call'],
    ['amina is out with the others', night({ phase: 'under_way' }), 'under_way'],
    ['amina is home, the others are out', night({ phase: 'under_way', outAt: '2026-11-24T13:00:00Z' }), 'home'],
    ['the lead is home and still answers for the others', night({ phase: 'under_way', outAt: '2026-11-24T13:00:00Z', leads: true }), 'under_way'],
    ['everybody is home', night({ phase: 'ended', outAt: '2026-11-24T13:00:00Z' }), 'ended'],
  ])('%s', (_, seen, standing) => expect(standingOf(seen)).toBe(standing))
})
