import { describe, expect, it } from 'vitest'
import { groupOpenings } from '#shared/reports/group-openings'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 1, minute)).toISOString()
const opening = (minute: number, more = {}) => ({ at: at(minute), role: 'officer', action: 'report.opened', purpose: 'handling', reason: null, approvedBy: null, ...more })

describe('who opened a report, as its reporter reads it', () => {
  it('loading the page anew within a quarter of an hour is one line that says how often', () => {
    expect(groupOpenings([opening(15), opening(7), opening(3), opening(0)])).toEqual([{ ...opening(15), count: 4, since: at(0) }])
  })

  it('later than that is a line of its own, however close to the one before', () => {
    expect(groupOpenings([opening(20), opening(10), opening(4)]).map(({ count, since }) => [count, since])).toEqual([[2, at(10)], [1, at(4)]])
  })

  it('another role, act, purpose or reveal never shares a line; one between two others does not part them', () => {
    const others = [{ role: 'lead' }, { action: 'attachment.opened' }, { purpose: 'audit' }, { reason: 'A threat.', approvedBy: 'chief' }]

    expect(groupOpenings([opening(5), ...others.map(more => opening(4, more)), opening(3)]).map(({ count }) => count)).toEqual([2, 1, 1, 1, 1])
  })

  it('counts every opening', () => {
    const all = Array.from({ length: 40 }, (_, index) => opening(40 - index, index % 3 ? {} : { role: 'lead' }))

    expect(groupOpenings(all).reduce((sum, { count }) => sum + count, 0)).toBe(40)
  })
})
