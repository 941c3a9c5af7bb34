import { describe, expect, it } from 'vitest'
import { chanceOfAsMany, estimate, heatTable, type HeatCount } from '#shared/patrols/heat'
import { seededRandom } from './seeded-random.ts'

const aCount = (changes: Partial<HeatCount> = {}): HeatCount => ({ gridId: 'a', weekday: 5, band: 10, week: 0, count: 1, ...changes })
const rounded = ({ rate, low, high }: { rate: number, low: number, high: number }) => [rate, low, high].map(number => Number(number.toFixed(4)))

describe('what a week brings', () => {
  it.each([
    // Weights 1, 0.70711, 0.5, 0.35355; their sum 2.56066. Byar: 3 → 0.60295…8.76546; 4 → 1.07613…10.24065.
    ['one report each week: one a week', [1, 1, 1, 1], [1, 0.2182, 2.6686]],
    ['three in the last week weigh 3 of 2.56', [3, 0, 0, 0], [1.1716, 0.2355, 3.4231]],
    ['the same three four weeks ago weigh about a third of that', [0, 0, 0, 3], [0.4142, 0.0833, 1.2103]],
    ['no report does not mean no danger', [0, 0, 0, 0], [0, 0, 1.4325]],
  ])('%s', (_name, byWeek, [rate, low, high]) => {
    expect(rounded(estimate(byWeek))).toEqual([rate, low, high])
  })

  it('the interval holds the truth at least 93 times of 100, for rare and for frequent things', () => {
    const random = seededRandom(1)
    const poisson = (mean: number) => {
      let [count, product] = [0, random()]
      for (const limit = Math.exp(-mean); product > limit; product *= random()) count += 1
      return count
    }
    const share = (mean: number) => {
      const tries = 4000
      let held = 0
      for (let index = 0; index < tries; index++) {
        const { low, high } = estimate([poisson(mean), poisson(mean), poisson(mean), poisson(mean)])
        if (low <= mean && mean <= high) held += 1
      }
      return held / tries
    }

    expect([0.1, 0.5, 1, 3, 8].map(share).filter(held => held < 0.93)).toEqual([])
  })
})

describe('the table of reports by grid, weekday and hour', () => {
  it('adds up each cell by week, and knows how many cells there are without a report', () => {
    const table = heatTable([aCount({ week: 0, count: 2 }), aCount({ week: 2 }), aCount({ week: 2 }), aCount({ gridId: 'b', weekday: 1, band: 0, week: 3 })], ['a', 'b'])

    expect(table.cells.map(({ gridId, weekday, band, byWeek, count }) => ({ gridId, weekday, band, byWeek, count }))).toEqual([
      { gridId: 'a', weekday: 5, band: 10, byWeek: [2, 0, 2, 0], count: 4 }, { gridId: 'b', weekday: 1, band: 0, byWeek: [0, 0, 0, 1], count: 1 },
    ])
    expect([table.size, table.count, table.mean]).toEqual([168, 5, 5 / 168])
    expect(table.empty).toMatchObject({ count: 0, rate: 0, low: 0 })
  })

  it('leaves out grids that are no more, and weeks beyond the fourth', () => {
    expect(heatTable([aCount({ gridId: 'gone' }), aCount({ week: 4 }), aCount({ count: 0 })], ['a'])).toMatchObject({ cells: [], count: 0, size: 84 })
  })

  it('of a station without grids says nothing', () => {
    expect(heatTable([aCount()], [])).toMatchObject({ cells: [], size: 0, mean: 0 })
  })
})

describe('the chance of a cluster', () => {
  it.each([
    // By hand: e^-µ · µ^k / k! · (1 + µ/(k+1) + …)
    [0, 0.5, 1], [1, 0.5, 0.393469], [4, 0.5, 0.001752], [3, 1, 0.080301], [1, 0, 0], [20, 0.1, 3.7e-39],
  ])('%d or more where %f are expected', (count, expected, chance) => {
    expect(chanceOfAsMany(count, expected)).toBeCloseTo(chance, 6)
  })

  it('stays exact where it is small', () => {
    // 0.1^20/20! · e^-0.1 · (1 + 0.1/21 + …) = 1e-20 / 2.4329e18 · 0.904837 · 1.004784
    expect(chanceOfAsMany(20, 0.1) / 3.73697e-39).toBeCloseTo(1, 4)
  })
})
