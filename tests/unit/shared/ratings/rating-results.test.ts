import { describe, expect, it } from 'vitest'
import { controlPeriod } from '#shared/communities/figures'
import { arrangeRatings, certainShare, ratingColumns, ratingRows } from '#shared/ratings/rating-results'

const [pingAn, changLe, heXie] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222', '33333333-3333-4333-8333-333333333333']
const name = (zh: string) => ({ zh, en: zh })
const subjects = [[pingAn, 'ping-an', '王'], [changLe, 'chang-le', '李'], [heXie, 'he-xie', '赵']].map(([communityId = '', community = '', officer = '']) => ({ communityId, community, officer: name(officer), badgeNumber: '1' }))
const counted = (satisfied: Record<string, [number, number]>) => controlPeriod({
  period: 'month', topic: 'ratings', communities: subjects.map(({ communityId }) => communityId), counts: Object.entries(satisfied).map(([communityId, [base, count]]) => ({ measure: 'satisfied', communityId, base, count })),
})

describe('what is certain about an officer', () => {
  it('is the lower end of the interval of (x + 20·p₀) of (n + 20)', () => {
    // By hand: 45 of 50 and a mean of 0.8 → 61 of 70, the lower root of (p − 61/70)² = 1.96² p(1 − p)/70 is 0.77335.
    expect(certainShare({ base: 50, count: 45 }, 0.8)).toBeCloseTo(0.77335, 5)
    // 10 of 10 → 26 of 30: 0.70318.
    expect(certainShare({ base: 10, count: 10 }, 0.8)).toBeCloseTo(0.70318, 5)
    expect(certainShare({ base: null, count: null }, 0.8)).toBeUndefined()
  })

  it('puts many good answers before few perfect ones, and hidden ones last', () => {
    const figures = counted({ [pingAn]: [10, 10], [changLe]: [100, 90], [heXie]: [12, 3] })
    const { rounds: [round] } = arrangeRatings([{ startsOn: '2026-10-01', releasedAt: '2026-10-21T00:00:00Z', figures }], [{ month: '2026-10-01', subjects, comments: [] }])

    expect(round?.officers.map(({ community }) => community)).toEqual(['chang-le', 'ping-an', 'he-xie'])
    expect(round?.officers[0]?.rates.satisfied).toMatchObject({ base: 100, count: 90, rate: { percent: 90 } })
    expect(round?.station.satisfied).toMatchObject({ base: 120, count: 105 })
    expect(round?.officers[0]?.rates.polite).toEqual({ base: null, count: null, rate: null })
  })

  it('hides what is about fewer than ten, and one more that would give it away', () => {
    const figures = counted({ [pingAn]: [9, 9], [changLe]: [40, 20], [heXie]: [30, 15] })
    const { rounds: [round] } = arrangeRatings([{ startsOn: '2026-10-01', releasedAt: '2026-10-21T00:00:00Z', figures }], [{ month: '2026-10-01', subjects, comments: [] }])

    expect(round?.officers.map(({ community, rates }) => [community, rates.satisfied.base])).toEqual([['he-xie', 30], ['ping-an', null], ['chang-le', null]])
  })

  it('stands in the table as it stands on the page: a hidden figure has empty cells', () => {
    const figures = counted({ [pingAn]: [9, 9], [changLe]: [40, 20], [heXie]: [30, 15] })
    const results = arrangeRatings([{ startsOn: '2026-10-01', releasedAt: '2026-10-21T00:00:00Z', figures }], [{ month: '2026-10-01', subjects, comments: [] }])
    const lines = ratingRows(results, 'zh').map(cells => Object.fromEntries(ratingColumns.map((column, index) => [column, cells[index]]))).filter(({ measure }) => measure === 'satisfied')

    expect(lines.map(({ scope, community, base, count, percent }) => [scope, community, base, count, percent])).toEqual([
      ['station', '', 80, 45, 56], ['community', 'he-xie', 30, 15, 50], ['community', 'ping-an', null, null, null], ['community', 'chang-le', null, null, null],
    ])
  })
})
