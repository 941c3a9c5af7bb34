import { describe, expect, it } from 'vitest'
import { arrangeFigures, controlPeriod, toFigure } from '#shared/communities/figures'

const [pingAn, changLe, gone] = ['a', 'b', 'c']
const communities = [pingAn, changLe]
const kept = (figures: ReturnType<typeof controlPeriod>, measure: string) => figures.filter(figure => figure.measure === measure).map(({ scope, communityId, base, count }) => [scope, communityId, base, count])

it('behind 100 % are up to four that were not in time, as the pages say: by hand, 23 of 27 is 25 of 25, and 22 of 27 is not', () => {
  const rates = Array.from({ length: 28 }, (_, inTime) => {
    const [figure] = controlPeriod({ period: 'week', communities, counts: [{ measure: 'first_looks', communityId: null, base: 27, count: inTime }] })
    return figure && toFigure(figure)
  })

  expect(rates[23]).toMatchObject({ base: 25, count: 25, rate: { percent: 100 } })
  expect(rates[22]).toMatchObject({ base: 25, count: 20, rate: { percent: 80 } })
})

describe('the figures of a month', () => {
  it('have the station, each community, and what belongs to none', () => {
    const figures = controlPeriod({ period: 'month', communities, counts: [
      { measure: 'visits', communityId: pingAn, base: 22, count: 18 }, { measure: 'visits', communityId: changLe, base: 13, count: 13 }, { measure: 'visits', communityId: null, base: 10, count: 4 },
    ] })

    expect(kept(figures, 'visits')).toEqual([['station', null, 45, 35], ['community', 'a', 20, 20], ['community', 'b', 15, 15], ['elsewhere', null, 10, 5]])
  })

  it('leave out of the total what belongs to no community while it is fewer than ten: it tells nothing about them', () => {
    const figures = controlPeriod({ period: 'month', communities, counts: [
      { measure: 'answers', communityId: pingAn, base: 22, count: 18 }, { measure: 'answers', communityId: changLe, base: 13, count: 13 }, { measure: 'answers', communityId: gone, base: 9, count: 0 },
    ] })

    expect(kept(figures, 'answers')).toEqual([['station', null, 35, 30], ['community', 'a', 20, 20], ['community', 'b', 15, 15]])
  })

  it('without any case are hidden like those with few', () => {
    const nothing = controlPeriod({ period: 'month', communities, counts: [] })
    const few = controlPeriod({ period: 'month', communities, counts: [{ measure: 'visits', communityId: pingAn, base: 9, count: 9 }] })

    expect(nothing).toEqual(few)
  })

  it('of a week are for the station alone', () => {
    const figures = controlPeriod({ period: 'week', communities, counts: [{ measure: 'first_looks', communityId: null, base: 24, count: 23 }] })

    expect(figures).toEqual([
      { measure: 'first_looks', scope: 'station', communityId: null, base: 25, count: 25 },
      { measure: 'decisions', scope: 'station', communityId: null, base: null, count: null },
    ])
  })
})

it('a month is arranged by rows, with rates where counts are shown', () => {
  const figures = controlPeriod({ period: 'month', communities, counts: [
    { measure: 'visits', communityId: pingAn, base: 22, count: 18 }, { measure: 'visits', communityId: changLe, base: 13, count: 13 }, { measure: 'visits', communityId: null, base: 10, count: 4 },
  ] })

  const { months } = arrangeFigures([{ period: 'month', startsOn: '2026-10-01', releasedAt: '2026-11-15T00:00:00Z', figures }], id => id === 'a' ? 'ping-an' : id === 'b' ? 'chang-le' : undefined)

  expect(months[0]?.rows.map(({ scope, community, visits, answers }) => [scope, community, visits.rate?.percent, answers.rate])).toEqual([
    ['station', null, 78, null], ['community', 'ping-an', 100, null], ['community', 'chang-le', 100, null], ['elsewhere', null, 50, null],
  ])
})
