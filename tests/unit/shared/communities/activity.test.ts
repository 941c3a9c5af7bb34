import { describe, expect, it } from 'vitest'
import { arrangeActivity, controlPeriod, type KeptFigure } from '#shared/communities/figures'
import { dataColumns, figureRows } from '#shared/communities/open-data'
import { csvLine } from '#server/standards/csv/write-csv'

const [pingAn, changLe, heXie] = ['a', 'b', 'c']
const communities = [pingAn, changLe, heXie]
const received = (communityId: string | null, category: string, base: number) => ({ measure: 'received', communityId, category, base, count: null })
const control = (counts: Parameters<typeof controlPeriod>[0]['counts']) => controlPeriod({ period: 'month', topic: 'activity', communities, counts })
const line = (figures: readonly KeptFigure[], scope: string, communityId: string | null) => figures.filter(figure => figure.measure === 'received' && figure.scope === scope && figure.communityId === communityId).map(({ category, base, count }) => [category, base, count])

describe('what happened in a month', () => {
  const month = [received(pingAn, 'noise', 12), received(pingAn, 'theft', 13), received(changLe, 'noise', 21), received(heXie, 'theft', 4), received(null, 'noise', 8)]

  it('is shown by kind and community, in fives; by hand', () => {
    const figures = control(month)

    expect(line(figures, 'community', pingAn)).toEqual([[null, 25, null], ['noise', 25, 10], ['theft', 25, 15]])
    expect(line(figures, 'station', null).filter(([category]) => category !== null).reduce((sum, [,, count]) => sum + Number(count), 0), 'margins are sums of what is shown').toBe(line(figures, 'station', null)[0]?.[1])
  })

  it('names no community with fewer than ten reports, and nothing lets it be computed', () => {
    const shownOf = (four: number) => JSON.stringify(control([...month.slice(0, 3), received(heXie, 'theft', four), received(null, 'noise', 8)]).filter(({ measure }) => measure === 'received'))

    expect(line(control(month), 'community', heXie)).toEqual([])
    // Whether one, two or three were reported there cannot be told from all that is out.
    expect(new Set([1, 2, 3].map(shownOf)).size).toBeLessThan(3)
  })

  it('is nothing where fewer than ten were reported in all', () => {
    expect(line(control([received(pingAn, 'noise', 9)]), 'station', null)).toEqual([[null, null, null]])
  })

  it('counts hours and attendances as they are, and patrols held of those planned', () => {
    const figures = control([{ measure: 'patrols', communityId: pingAn, base: 21, count: 17 }, { measure: 'hours', communityId: pingAn, base: 41, count: null }, { measure: 'attendances', communityId: pingAn, base: 9, count: null }])
    const of = (measure: string) => figures.find(figure => figure.measure === measure && figure.scope === 'station')

    expect([of('patrols'), of('hours'), of('attendances')].map(figure => [figure?.base, figure?.count])).toEqual([[20, 15], [40, null], [null, null]])
  })

  it('is the same on the page and in the tables to download', () => {
    const figures = control(month)
    const releases = [{ period: 'month' as const, startsOn: '2026-10-01', releasedAt: '2026-11-15T00:00:00Z', figures }]
    const slugOf = (id: string) => ({ a: 'ping-an', b: 'chang-le', c: 'he-xie' })[id]
    const { months: [arranged] } = arrangeActivity(releases, slugOf)
    const rows = figureRows(releases, slugOf)

    expect(arranged?.received.find(({ community }) => community === 'ping-an')).toEqual({ scope: 'community', community: 'ping-an', base: 25, kinds: [{ category: 'theft', count: 15 }, { category: 'noise', count: 10 }] })
    expect(rows.find(row => row[3] === 'ping-an' && row[5] === 'theft')).toEqual(['month', '2026-10-01', 'community', 'ping-an', 'received', 'theft', 25, 15, 60, 41, 77])
    expect(rows.every(row => row.length === dataColumns.activity.length)).toBe(true)
    expect(csvLine(rows[0] ?? []).split(',')).toHaveLength(dataColumns.activity.length)
  })
})
