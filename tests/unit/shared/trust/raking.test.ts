import { describe, expect, it } from 'vitest'
import { effectiveSize, rake, weightCaps, type Margins } from '#shared/trust/raking'

type Person = Record<string, string | undefined>
const many = (count: number, person: Person): Person[] => Array.from({ length: count }, () => person)
const wide = { low: 0, high: Infinity }

/** A second way: no loop over people, but fitting the table of cells itself, row by row and column by column. */
function fitTable(table: number[][], rows: number[], columns: number[]): number[][] {
  let fitted = table.map(row => [...row])
  const total = rows.reduce((a, b) => a + b, 0)
  for (let round = 0; round < 500; round++) {
    fitted = fitted.map((row, index) => row.map(cell => cell * (rows[index] ?? 0) / total / row.reduce((a, b) => a + b, 0)))
    const sums = columns.map((_, column) => fitted.reduce((a, row) => a + (row[column] ?? 0), 0))
    fitted = fitted.map(row => row.map((cell, column) => cell * (columns[column] ?? 0) / total / (sums[column] ?? 1)))
  }
  return fitted
}

describe('weights for age bands and communities', () => {
  it('of one margin are wanted by had, by hand', () => {
    // 30 young and 70 old answered; half and half live there: 50/30 and 50/70.
    const { weights, isMet, effectiveSize: size, empty } = rake([...many(30, { ageBand: 'young' }), ...many(70, { ageBand: 'old' })], { ageBand: { young: 500, old: 500 } })

    expect([weights[0], weights[99]].map(each => each?.toFixed(6))).toEqual([(5 / 3).toFixed(6), (5 / 7).toFixed(6)])
    expect(isMet).toBe(true)
    // 100² / (30·(5/3)² + 70·(5/7)²) = 10000 / (83.333 + 35.714) = 84.
    expect(size).toBeCloseTo(84, 6)
    expect(empty).toEqual([])
  })

  it('of two margins are those of the table fitted by itself', () => {
    const had = [[40, 20], [10, 30]]
    const people = had.flatMap((row, community) => row.flatMap((count, age) => many(count, { community: String(community), ageBand: String(age) })))
    const fitted = fitTable(had, [450, 550], [400, 600])
    const { weights, isMet, largestGap } = rake(people, { community: { 0: 450, 1: 550 }, ageBand: { 0: 400, 1: 600 } }, wide)

    expect(isMet).toBe(true)
    expect(largestGap).toBeLessThan(0.00002)
    people.forEach(({ community, ageBand }, index) => {
      const [row, column] = [Number(community), Number(ageBand)]
      expect((weights[index] ?? 0) / 100).toBeCloseTo((fitted[row]?.[column] ?? 0) / (had[row]?.[column] ?? 1), 5)
    })
  })

  it('answers that have the margins already all weigh one', () => {
    const { weights, effectiveSize: size } = rake([...many(25, { ageBand: 'young' }), ...many(75, { ageBand: 'old' })], { ageBand: { young: 1000, old: 3000 } })

    expect(weights.every(each => each === 1)).toBe(true)
    expect(size).toBe(100)
  })

  it('nobody speaks for more than three, and it says that the margins are then not met', () => {
    const margins: Margins = { ageBand: { young: 500, old: 500 } }
    const { weights, isMet, largestGap } = rake([...many(2, { ageBand: 'young' }), ...many(98, { ageBand: 'old' })], margins)

    expect(Math.max(...weights)).toBeLessThanOrEqual(weightCaps.high)
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(weightCaps.low)
    expect(isMet).toBe(false)
    expect(largestGap).toBeGreaterThan(0.4)
    expect(rake([...many(2, { ageBand: 'young' }), ...many(98, { ageBand: 'old' })], margins, wide).isMet).toBe(true)
  })

  it('names those for whom nobody answered, and fits the rest among themselves', () => {
    const { weights, empty, isMet } = rake([...many(30, { ageBand: 'young' }), ...many(70, { ageBand: 'old' })], { ageBand: { young: 400, old: 400, child: 200 } })

    expect(empty).toEqual(['ageBand.child'])
    expect(isMet).toBe(true)
    expect((weights[0] ?? 0) * 30).toBeCloseTo(50, 6)
  })

  it('who did not say how old they are keep what they weigh, and others are fitted to each other', () => {
    const { weights, isMet } = rake([...many(20, {}), ...many(30, { ageBand: 'young' }), ...many(50, { ageBand: 'old' })], { ageBand: { young: 1, old: 1 } })

    expect(isMet).toBe(true)
    expect((weights[20] ?? 0) * 30).toBeCloseTo((weights[99] ?? 0) * 50, 6)
    expect(weights[0]).toBeCloseTo(1, 6)
  })

  it('nobody at all is no error', () => {
    expect(rake([], { ageBand: { young: 1 } })).toMatchObject({ weights: [], effectiveSize: 0, empty: ['ageBand.young'] })
  })

  it('five hundred answers as good as twenty: the effective size tells', () => {
    expect(effectiveSize([1, 1, 1, 1])).toBe(4)
    expect(effectiveSize([3, 1])).toBe(1.6)
  })
})
