import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { controlTable, publishedRate, roundCount, type RawFigure } from '#shared/trust/disclosure-control'
import { wilsonInterval } from '#shared/trust/wilson-interval'

const figure = fc.integer({ min: 0, max: 60 }).chain(base => fc.record({ base: fc.constant(base), count: fc.integer({ min: 0, max: base }) }))
const table = fc.array(figure, { minLength: 1, maxLength: 6 })
const published = (rows: readonly RawFigure[]) => JSON.stringify(controlTable(rows))

/** Every table of so many rows, each with a base up to `most`. */
function everyTable(rows: number, most: number): number[][] {
  if (rows === 0) return [[]]
  const rest = everyTable(rows - 1, most)
  return Array.from({ length: most + 1 }, (_, base) => rest.map(others => [base, ...others])).flat()
}

/**
 * An attacker who knows this code and every total: tables that look alike, and for each hidden row the values it may have in them. Only
 * outputs whose tables all lie within `most` count.
 */
function fewestCandidates(rows: number, most: number): number {
  const alike = new Map<string, Set<number>[]>()
  for (const bases of everyTable(rows, most)) {
    const output = published(bases.map(base => ({ base, count: null })))
    const values = alike.get(output) ?? bases.map(() => new Set<number>())
    bases.forEach((base, index) => values[index]?.add(base))
    alike.set(output, values)
  }
  let fewest = Infinity
  for (const [output, values] of alike) {
    const { total, rows: shown } = JSON.parse(output) as ReturnType<typeof controlTable>
    if (total.base === null || total.base + 2 > most) continue
    shown.forEach(({ base }, index) => { if (base === null) fewest = Math.min(fewest, values[index]?.size ?? 0) })
  }
  return fewest
}

describe('disclosure control (RULES E3)', () => {
  it.each([[2, 60], [3, 50], [4, 22]] as const)('in a table of %i rows a hidden one has ten possible values or more, for whoever knows the rule and the total', (rows, most) => {
    expect(fewestCandidates(rows, most)).toBeGreaterThanOrEqual(10)
  })

  it('the same counts give the same table', () => {
    fc.assert(fc.property(table, rows => published(rows) === published(structuredClone(rows))))
  })

  it('nothing stands on fewer than ten, and everything else is in fives', () => {
    fc.assert(fc.property(table, (rows) => {
      const { total, rows: shown } = controlTable(rows)
      for (const { base, count } of [total, ...shown]) {
        expect(base === null || (base >= 10 && base % 5 === 0)).toBe(true)
        expect(count === null || (base !== null && count >= 0 && count <= base && count % 5 === 0)).toBe(true)
      }
      rows.forEach(({ base }, index) => { if (base < 10) expect(shown[index]?.base).toBeNull() })
    }))
  })

  it('never is one row hidden alone, nor rows that hold fewer than ten together', () => {
    fc.assert(fc.property(table, (rows) => {
      const { total, rows: shown } = controlTable(rows)
      const hidden = rows.filter((_, index) => shown[index]?.base === null)
      if (total.base === null || hidden.length === 0) return
      expect(hidden.length).toBeGreaterThan(1)
      expect(hidden.reduce((sum, { base }) => sum + base, 0)).toBeGreaterThanOrEqual(10)
    }))
  })

  it('one case more or less never shows as one', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000 }), (count) => {
      expect([0, 5]).toContain(roundCount(count + 1) - roundCount(count))
      expect(Math.abs(roundCount(count) - count)).toBeLessThanOrEqual(2)
    }))
  })

  it.each([
    [[30, 20, 15], 65, [30, 20, 15]],
    [[30, 20, 3], 55, [null, 20, null]],
    [[30, 4, 20], 55, [30, null, null]],
    [[30, 9, 0], 40, [null, null, null]],
    [[30, 9, 8], 45, [30, null, null]],
    [[4, 5], null, [null, null]],
    [[6, 6], 10, [null, null]],
    [[13], 15, [15]],
    [[9], null, [null]],
  ])('%j by hand', (bases, total, rows) => {
    const shown = controlTable(bases.map(base => ({ base, count: base })))

    expect([shown.total.base, shown.rows.map(({ base }) => base)]).toEqual([total, rows])
  })

  it('rates and intervals come from the rounded counts', () => {
    fc.assert(fc.property(figure, ({ base, count }) => {
      const { total } = controlTable([{ base, count }])
      const rate = publishedRate(total)
      if (total.base === null || total.count === null) {
        expect(rate).toBeUndefined()
        return
      }
      expect(rate?.percent).toBe(Math.round(100 * total.count / total.base))
      expect(rate?.low).toBeLessThanOrEqual(rate?.percent ?? 0)
      expect(rate?.high).toBeGreaterThanOrEqual(rate?.percent ?? 0)
    }))
    // 41 of 52 → 40 of 50. By hand: p = 0.8, n = 50, z = 1.96.
    expect(publishedRate(controlTable([{ base: 52, count: 41 }]).total)).toEqual({ percent: 80, low: 67, high: 89 })
  })
})

describe('the Wilson interval', () => {
  // 81 of 263: the example of Newcombe 1998, table I, without continuity correction.
  it('of 81 in 263 is 0.2553 to 0.3662', () => {
    const { low = 0, high = 0 } = wilsonInterval(81, 263) ?? {}

    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2553', '0.3662'])
  })

  it('needs a base', () => {
    expect(wilsonInterval(0, 0)).toBeUndefined()
  })
})
