import { describe, expect, it } from 'vitest'
import { heatTable, type HeatCount } from '#shared/patrols/heat'
import { coverageOf, dayPartOf, proposeShifts, reasonOf, type PlanOptions } from '#shared/patrols/plan-shifts'
import { seededRandom } from './seeded-random.ts'

/** Friday evening from 20 to 22, once in each of four weeks, in a station of two grids. */
const fridays = (changes: Partial<HeatCount> = {}): HeatCount[] => [0, 1, 2, 3].map(week => ({ gridId: 'market', weekday: 5, band: 10, week, count: 1, ...changes }))
const grids = ['market', 'park']
const options = (changes: Partial<PlanOptions> = {}): PlanOptions => ({ monday: '2026-11-30', timeZone: 'Asia/Shanghai', limit: 10, shifts: [], available: () => 5, ...changes })
const plan = (counts: readonly HeatCount[], changes: Partial<PlanOptions> = {}) => proposeShifts(heatTable(counts, grids), options(changes))
const friday = { startsAt: '2026-12-04T12:00:00.000Z', endsAt: '2026-12-04T14:00:00.000Z' }

describe('the planner of patrols', () => {
  it('proposes the hours in which reports come again and again, and says what it is based on', () => {
    const [proposal, ...others] = plan(fridays())

    expect(others).toEqual([])
    expect(proposal).toMatchObject({ gridId: 'market', weekday: 5, from: '20:00', to: '22:00', ...friday, state: 'open', count: 4, byWeek: [1, 1, 1, 1], weeksSeen: 4, rate: 1, available: 5, coveredMinutes: 0 })
    // 4 reports in 168 cells: 0.0238 each. 4 are 168 times that; 0.0238^4/24 · e^-0.0238 = 1.3e-8, for 336 cells and pairs still far below 0.05.
    expect([proposal?.timesMean, proposal?.strength]).toEqual([168, 'clear'])
    expect(proposal && reasonOf(proposal)).toEqual({ key: 'patrols.plan.clear', facts: { count: 4, weeks: 4, times: 20, isMore: true, from: '20:00', to: '22:00' } })
  })

  it('calls a cluster that chance makes now and then a hint', () => {
    // 80 more, one in each other cell of the grid but three: 84 in 168 cells, 0.5 each. P(4 or more) = 0.00175, for 336: 0.59.
    const everywhere = Array.from({ length: 80 }, (_, index): HeatCount => ({ gridId: 'market', weekday: 1 + Math.floor(index / 16), band: index % 8, week: 0, count: 1 }))
    const [proposal] = plan([...fridays(), ...everywhere.map(count => ({ ...count, gridId: 'park' }))])

    expect([proposal?.timesMean, proposal?.strength]).toEqual([8, 'hint'])
    expect(proposal && reasonOf(proposal)).toMatchObject({ key: 'patrols.plan.hint', facts: { times: 8, isMore: false } })
  })

  it('one bad evening is no pattern, and two reports are none', () => {
    expect(plan([{ gridId: 'market', weekday: 5, band: 10, week: 0, count: 6 }])).toEqual([])
    expect(plan(fridays().slice(0, 2))).toEqual([])
  })

  it('what is everywhere is no cluster', () => {
    const everywhere = grids.flatMap(gridId => Array.from({ length: 84 }, (_, index) => fridays({ gridId, weekday: 1 + Math.floor(index / 12), band: index % 12 })).flat())

    expect(plan(everywhere)).toEqual([])
  })

  it('makes one shift of two neighbouring bands, and no longer one', () => {
    const proposals = plan([...fridays({ band: 8 }), ...fridays({ band: 9 }), ...fridays({ band: 10 }), ...fridays({ band: 11, count: 2 })])

    expect(proposals.map(({ from, to, endsAt, byWeek }) => [from, to, endsAt, byWeek])).toEqual([
      ['20:00', '24:00', '2026-12-04T16:00:00.000Z', [3, 3, 3, 3]], ['16:00', '20:00', '2026-12-04T12:00:00.000Z', [2, 2, 2, 2]],
    ])
  })

  it('bands on both sides of midnight are two shifts, of two days', () => {
    expect(plan([...fridays({ band: 11 }), ...fridays({ weekday: 6, band: 0 })]).map(({ weekday, from, startsAt }) => [weekday, from, startsAt])).toEqual([[5, '22:00', '2026-12-04T14:00:00.000Z'], [6, '00:00', '2026-12-04T16:00:00.000Z']])
  })

  it('puts the surest first and stops at the limit, in the same order whatever order the counts had', () => {
    const counts = [...fridays({ gridId: 'park', count: 2 }), ...fridays({ weekday: 3 }), ...fridays()]

    expect(plan(counts).map(({ gridId, weekday }) => [gridId, weekday])).toEqual([['park', 5], ['market', 3], ['market', 5]])
    expect(plan(counts.toReversed())).toEqual(plan(counts))
    expect(plan(counts, { limit: 2 })).toEqual(plan(counts).slice(0, 2))
  })

  it('says where a shift stands already, and does not count that against the limit', () => {
    const half = { gridIds: ['market'], startsAt: '2026-12-04T13:00:00.000Z', endsAt: '2026-12-04T15:00:00.000Z' }
    const less = { ...half, startsAt: '2026-12-04T13:01:00.000Z' }
    const elsewhere = { ...half, gridIds: ['park'] }
    const weekBefore = { ...half, startsAt: '2026-11-27T12:00:00.000Z', endsAt: '2026-11-27T14:00:00.000Z' }
    const facts = (shifts: PlanOptions['shifts'], limit = 10) => plan([...fridays(), ...fridays({ weekday: 3 })], { shifts, limit }).filter(({ weekday }) => weekday === 5).map(({ state, coveredMinutes }) => [state, coveredMinutes])

    expect(facts([half], 1)).toEqual([['covered', 60]])
    expect(facts([half, half, less])).toEqual([['covered', 60]])
    expect(facts([less])).toEqual([['open', 59]])
    expect(facts([elsewhere, weekBefore])).toEqual([['open', 0]])
  })

  it('says where fewer than two have time, asking for the hours on the wall', () => {
    const asked: string[] = []
    const [proposal] = plan(fridays(), { available: (weekday, part) => { asked.push(`${weekday} ${part}`); return 1 } })

    expect([proposal?.state, proposal?.available, asked]).toEqual(['unstaffed', 1, ['5 evening']])
  })

  it('a shift in two parts of the day needs people for both', () => {
    const [proposal] = plan([...fridays({ band: 10 }), ...fridays({ band: 11 })], { available: (_, part) => part === 'evening' ? 6 : 3 })

    expect([proposal?.from, proposal?.to, proposal?.available]).toEqual(['20:00', '24:00', 3])
  })

  it.each([[0, 'night'], [2, 'night'], [3, 'morning'], [5, 'morning'], [6, 'afternoon'], [8, 'afternoon'], [9, 'evening'], [10, 'evening'], [11, 'night']])('band %d is in the %s', (band, part) => {
    expect(dayPartOf(band)).toBe(part)
  })

  it('knows places and hours, and of no report or person', () => {
    expect(Object.keys(plan(fridays())[0] ?? {}).toSorted()).toEqual(['available', 'byWeek', 'count', 'coveredMinutes', 'endsAt', 'from', 'gridId', 'high', 'low', 'rate', 'startsAt', 'state', 'strength', 'timesMean', 'to', 'weekday', 'weeksSeen'])
  })

  it('calls nothing clear in reports that fell by chance, in 19 of 20 stations at least', () => {
    const random = seededRandom(7)
    const many = Array.from({ length: 10 }, (_, index) => `grid-${index}`)
    const stations = 400
    let alarms = 0
    for (let station = 0; station < stations; station++) {
      const counts = Array.from({ length: 300 }, (): HeatCount => ({ gridId: many[Math.floor(random() * 10)] ?? '', weekday: 1 + Math.floor(random() * 7), band: Math.floor(random() * 12), week: Math.floor(random() * 4), count: 1 }))
      if (proposeShifts(heatTable(counts, many), options()).some(({ strength }) => strength === 'clear')) alarms += 1
    }

    expect(alarms / stations).toBeLessThanOrEqual(0.05)
  })
})

describe('how much the roster covers', () => {
  const table = heatTable([...fridays(), ...fridays({ gridId: 'park', weekday: 2, band: 9 })], grids)
  const coverage = (shifts: PlanOptions['shifts']) => coverageOf(table, { monday: '2026-11-30', timeZone: 'Asia/Shanghai', shifts })

  it('is the share of what reports speak of, by minutes', () => {
    expect(coverage([])).toBe(0)
    expect(coverage([{ gridIds: ['market', 'park'], ...friday }])).toBe(0.5)
    expect(coverage([{ gridIds: ['market'], startsAt: '2026-12-04T12:00:00Z', endsAt: '2026-12-04T13:00:00Z' }, { gridIds: ['market'], startsAt: '2026-12-04T12:30:00Z', endsAt: '2026-12-04T13:30:00Z' }])).toBe(0.375)
    expect(coverage([{ gridIds: ['market'], ...friday }, { gridIds: ['park'], startsAt: '2026-12-01T10:00:00Z', endsAt: '2026-12-01T12:00:00Z' }])).toBe(1)
  })

  it('is unknown without reports', () => {
    expect(coverageOf(heatTable([], grids), { monday: '2026-11-30', timeZone: 'Asia/Shanghai', shifts: [] })).toBeUndefined()
  })
})
