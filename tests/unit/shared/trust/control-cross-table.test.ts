import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { controlCrossTable, type CrossTable } from '#shared/trust/control-cross-table'
import { roundCount } from '#shared/trust/disclosure-control'

type Cells = number[][]
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
const key = (table: CrossTable | null) => table === null ? '' : table.rows.map(({ rows, cells }) => `${rows.join('.')}=${cells.join(',')}`).join(';')
const groupCounts = (group: readonly number[], cells: Cells) => (cells[0] ?? []).map((_, column) => sum(group.map(index => cells[index]?.[column] ?? 0)))

/** Every table of so many communities and columns, each cell up to `most`. */
function* everyTable(communities: number, columns: number, most: number): Generator<Cells> {
  const flat = Array.from({ length: communities * columns }, () => 0)
  for (;;) {
    yield Array.from({ length: communities }, (_, row) => flat.slice(row * columns, (row + 1) * columns))
    const place = flat.findIndex(value => value < most)
    if (place < 0) return
    flat.fill(0, 0, place)
    flat[place] = (flat[place] ?? 0) + 1
  }
}

/** An attacker who knows this code: all tables that look alike, and what each cell and each base may be in them. Outputs that tables beyond `most` could give are left out. */
function attack(communities: number, columns: number, most: number) {
  const alike = new Map<string, { table: CrossTable, cells: Set<number>[][], bases: Set<number>[], groups: Set<number>[][] }>()
  for (const cells of everyTable(communities, columns, most)) {
    const table = controlCrossTable(cells)
    if (table === null || table.rows.some(row => row.cells.some(shown => shown + 2 > most))) continue
    const output = key(table)
    const known = alike.get(output) ?? { table, cells: cells.map(row => row.map(() => new Set<number>())), bases: cells.map(() => new Set<number>()), groups: table.rows.map(row => row.cells.map(() => new Set<number>())) }
    cells.forEach((row, index) => row.forEach((count, column) => known.cells[index]?.[column]?.add(count)))
    cells.forEach((row, index) => known.bases[index]?.add(sum(row)))
    table.rows.forEach(({ rows }, index) => groupCounts(rows, cells).forEach((count, column) => known.groups[index]?.[column]?.add(count)))
    alike.set(output, known)
  }
  const found = { outputs: alike.size, shown: Infinity, zero: Infinity, togetherBase: Infinity }
  for (const { table, bases, groups } of alike.values()) {
    table.rows.forEach(({ rows, cells }, index) => {
      cells.forEach((shown, column) => {
        const values = groups[index]?.[column]?.size ?? 0
        if (shown === 0) found.zero = Math.min(found.zero, values)
        else found.shown = Math.min(found.shown, values)
      })
      if (rows.length > 1) for (const row of rows) found.togetherBase = Math.min(found.togetherBase, bases[row]?.size ?? 0)
    })
  }
  return found
}

describe('disclosure control of a table with two margins (RULES E3)', () => {
  it.each([[2, 2, 17], [3, 2, 7], [2, 3, 7]])('%i communities, %i columns: whoever knows the rule and both margins is left five values or more for a shown cell, three for a zero, ten for a community that is not shown alone', (communities, columns, most) => {
    const { outputs, shown, zero, togetherBase } = attack(communities, columns, most)

    expect(outputs).toBeGreaterThan(3)
    expect(shown).toBeGreaterThanOrEqual(5)
    expect(zero).toBeGreaterThanOrEqual(3)
    expect(togetherBase).toBeGreaterThanOrEqual(10)
  })

  it('the attack finds what margins rounded on their own would give away', () => {
    // Four cells of twelve are shown as ten each, and their total of 48 as 50: then every cell is twelve.
    let tables = 0
    for (const [row = []] of everyTable(1, 4, 14)) if (row.every(count => roundCount(count) === 10) && roundCount(sum(row)) === 50) tables += 1
    expect(tables).toBe(1)
    expect(controlCrossTable([[12, 12, 12, 12]])).toEqual({ rows: [{ rows: [0], cells: [10, 10, 10, 10], base: 40 }], columns: [10, 10, 10, 10], base: 40 })
  })

  it.each<[string, Cells, Cells | null, number[][] | null]>([
    ['all large enough', [[20, 11], [14, 30]], [[20, 10], [15, 30]], [[0], [1]]],
    ['a small one goes with the next', [[20, 11], [3, 1], [14, 30]], [[20, 10], [15, 30]], [[0], [1, 2]]],
    ['the last small one goes with the first', [[20, 11], [14, 30], [3, 1]], [[25, 10], [15, 30]], [[0, 2], [1]]],
    ['two small ones that hold ten', [[20, 11], [3, 4], [5, 4]], [[20, 10], [10, 10]], [[0], [1, 2]]],
    ['fewer than ten in all', [[3, 1], [2, 3]], null, null],
    ['a large one of which rounding leaves nothing', [[2, 2, 2, 2, 2], [20, 0, 0, 0, 0]], [[20, 0, 0, 0, 0]], [[0, 1]]],
    ['ten of which rounding leaves nothing', [[2, 2, 2, 2, 2]], null, null],
    ['nobody', [[0, 0], [0, 0]], null, null],
  ])('%s, by hand', (_, cells, shown, groups) => {
    const table = controlCrossTable(cells)

    expect(table && table.rows.map(row => row.cells)).toEqual(shown)
    expect(table && table.rows.map(({ rows }) => rows)).toEqual(groups)
  })

  const tables = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }))
    .chain(([communities, columns]) => fc.array(fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 80 })), { minLength: columns, maxLength: columns }), { minLength: communities, maxLength: communities }))

  it('every community is in one row, each row stands on ten or more and is in fives, and both margins are the sums of what is shown', () => {
    fc.assert(fc.property(tables, (cells) => {
      const table = controlCrossTable(cells)
      if (table === null) return
      expect(table.rows.flatMap(({ rows }) => rows).toSorted((a, b) => a - b)).toEqual(cells.map((_, index) => index))
      for (const { rows, cells: shown, base } of table.rows) {
        expect(base).toBeGreaterThanOrEqual(10)
        expect(sum(groupCounts(rows, cells))).toBeGreaterThanOrEqual(10)
        expect(shown).toEqual(groupCounts(rows, cells).map(roundCount))
        expect(base).toBe(sum(shown))
      }
      expect(table.columns).toEqual((cells[0] ?? []).map((_, column) => sum(table.rows.map(row => row.cells[column] ?? NaN))))
      expect(table.base).toBe(sum(table.columns))
    }), { seed: 8 })
  })
})

describe('a second release of the same survey', () => {
  const again = (before: Cells, now: Cells) => controlCrossTable(now, controlCrossTable(before))

  it('a row stays as it was until ten answers or more came or went', () => {
    // Shown as 10 and 10. One cell at 20 may be six more (12 → 18), at 25 it is eleven at least; two cells at 20 are six more each at least.
    expect(again([[12, 12]], [[16, 17]])?.rows[0]?.cells).toEqual([10, 10])
    expect(again([[12, 12]], [[22, 12]])?.rows[0]?.cells).toEqual([10, 10])
    expect(again([[12, 12]], [[23, 12]])?.rows[0]?.cells).toEqual([25, 10])
    expect(again([[12, 12]], [[18, 18]])?.rows[0]?.cells).toEqual([20, 20])
    expect(again([[12, 12]], [[2, 2]])?.rows[0]?.cells).toEqual([10, 10])
  })

  it('communities that were shown together stay together, also when each is large enough now', () => {
    expect(again([[3, 1], [20, 10]], [[23, 11], [20, 10]])?.rows).toEqual([{ rows: [0, 1], cells: [45, 20], base: 65 }])
  })

  it('what is released for the first time is not held back by a survey of which nothing was', () => {
    expect(again([[1, 1]], [[12, 12]])?.rows[0]?.cells).toEqual([10, 10])
  })

  it('over any number of releases nothing that was together comes apart, and a row that changed stands on ten answers or more that came or went since it was last shown otherwise', () => {
    const cells = fc.array(fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 40 })), { minLength: 2, maxLength: 2 }), { minLength: 3, maxLength: 3 })
    let changes = 0
    fc.assert(fc.property(fc.array(cells, { minLength: 2, maxLength: 6 }), (releases) => {
      let released: CrossTable | null = null
      // The exact counts of each community when what is shown of it was rounded.
      let behind: Cells = []
      for (const now of releases) {
        const next: CrossTable | null = controlCrossTable(now, released)
        const [last, known]: [CrossTable | null, Cells] = [released, behind]
        if (last) expect(next).not.toBeNull()
        for (const { rows, cells: shown } of next?.rows ?? []) {
          const parts = last?.rows.filter(row => row.rows.some(index => rows.includes(index))) ?? []
          for (const part of parts) expect(rows).toEqual(expect.arrayContaining(part.rows))
          const before = shown.map((_, column) => sum(parts.map(part => part.cells[column] ?? 0)))
          if (last && shown.join() === before.join()) continue
          if (last) {
            changes += 1
            expect(sum(groupCounts(rows, now).map((count, column) => Math.abs(count - (groupCounts(rows, known)[column] ?? 0))))).toBeGreaterThanOrEqual(10)
          }
          behind = now.map((row, index) => rows.includes(index) ? row : behind[index] ?? row)
        }
        released = next
      }
    }), { seed: 8, numRuns: 300 })

    expect(changes).toBeGreaterThan(100)
  })

  /** Every pair of tables that look alike before and after: how many answers of a row may have come or gone, and how many values that leaves for each cell. */
  function difference(communities: number, columns: number, most: number) {
    const all = [...everyTable(communities, columns, most)].map(cells => ({ cells, table: controlCrossTable(cells) }))
    const alike = new Map<string, { isSame: boolean, changes: Set<number>[] }>()
    for (const before of all) {
      if (before.table === null || before.table.rows.some(row => row.cells.some(shown => shown + 2 > most))) continue
      for (const now of all) {
        const table = controlCrossTable(now.cells, before.table)
        if (table === null || table.rows.some(row => row.cells.some(shown => shown + 2 > most))) continue
        const output = `${key(before.table)}|${key(table)}`
        const known = alike.get(output) ?? { isSame: key(before.table) === key(table), changes: now.cells.flat().map(() => new Set<number>()) }
        now.cells.flat().forEach((count, index) => known.changes[index]?.add(count - (before.cells.flat()[index] ?? 0)))
        alike.set(output, known)
      }
    }
    return [...alike.values()]
  }

  it.each([[1, 2, 17], [2, 1, 22]])('%i communities and %i columns: two releases together leave five values or more for what changed in any cell', (communities, columns, most) => {
    const pairs = difference(communities, columns, most)

    expect(pairs.length).toBeGreaterThan(10)
    expect(Math.min(...pairs.flatMap(({ changes }) => changes.map(({ size }) => size)))).toBeGreaterThanOrEqual(5)
    for (const { isSame, changes } of pairs) if (isSame) for (const each of changes) expect(each.has(0)).toBe(true)
  })
})
