import { describe, expect, it } from 'vitest'
import { volunteerStates } from '#shared/patrols/patrol-words'
import { actsFor } from '#shared/patrols/volunteer-steps'

const somebody = { state: 'applied', isLocked: false, attended: 0, reviewedBy: null } as const
const [officer, lead, chief] = [{ id: 'wang', role: 'officer' }, { id: 'zhao', role: 'lead' }, { id: 'sun', role: 'chief' }]

describe('what the desk may decide about a volunteer', () => {
  it('an officer reviews new applications and nothing else', () => {
    expect(actsFor(somebody, officer)).toEqual(['review', 'refuse'])
    for (const state of volunteerStates.filter(state => state !== 'applied')) expect(actsFor({ ...somebody, state, isLocked: true }, officer)).toEqual([])
  })

  it('whoever reviewed does not assess', () => {
    expect(actsFor({ ...somebody, state: 'station_reviewed', reviewedBy: 'zhao' }, lead)).toEqual(['refuse'])
    expect(actsFor({ ...somebody, state: 'station_reviewed', reviewedBy: 'zhao' }, chief)).toEqual(['assess', 'refuse'])
  })

  it('a trainee becomes active after three shifts', () => {
    expect(actsFor({ ...somebody, state: 'enrolled', attended: 2 }, lead)).toEqual(['suspend'])
    expect(actsFor({ ...somebody, state: 'enrolled', attended: 3 }, lead)).toEqual(['activate', 'suspend'])
  })

  it('a lock is opened by lead and chief', () => {
    expect(actsFor({ ...somebody, state: 'active', isLocked: true }, lead)).toEqual(['suspend', 'unlock'])
  })

  it.each(['auditor', 'admin'])('%s decides nothing', (role) => {
    for (const state of volunteerStates) expect(actsFor({ ...somebody, state, isLocked: true }, { id: 'x', role })).toEqual([])
  })
})
