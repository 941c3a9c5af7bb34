import { rowsToHide, roundCount, smallestBase } from './disclosure-control.ts'

/*
  RULES E3 for a table with two margins: an answer in each column, a community in each row. Nothing is left blank that could be computed from the rest. Communities
  with fewer than ten answers are put together with others until they are ten or more; each cell of what is then shown is rounded on its own; and every margin is the
  sum of the rounded cells. So margins tell nothing that the cells do not, and a shown cell has five possible values (a zero three) for whoever knows this code.
*/

/** Communities shown together (most often one alone), by their place in the list given. */
export interface CrossRow { rows: number[], cells: number[], base: number }
export interface CrossTable { rows: CrossRow[], columns: number[], base: number }

/**
 * @param cells answers by community and column, each person in exactly one cell
 * @param released what is out of the same survey already: what was together stays together, and a row stays as it was until ten answers or more must have come or
 *   gone, whatever the rounding hides. That is judged by what is shown and not by the exact counts: otherwise a change by five would tell that it was nearly ten.
 * @returns null where fewer than ten answered, or rounding leaves fewer to show
 */
export function controlCrossTable(cells: readonly (readonly number[])[], released: CrossTable | null = null): CrossTable | null {
  if (sum(cells.flat()) < smallestBase) return released
  const small = rowsToHide(cells.map(row => ({ base: Math.min(sum(row), roundedBase(row)) })))
  let groups = joined(cells.length, [[...small], ...released?.rows.map(({ rows }) => rows) ?? []])
  // Rounding can leave fewer than ten of a group that has more: it takes the next one in.
  for (let short = shortGroup(groups, cells); short >= 0 && groups.length > 1; short = shortGroup(groups, cells)) {
    groups = joined(cells.length, [...groups, [...groups[short] ?? [], ...groups[(short + 1) % groups.length] ?? []]])
  }
  if (shortGroup(groups, cells) >= 0) return released
  const rows = groups.map(group => keepOrShow(show(group, cells), released))
  return { rows, columns: (cells[0] ?? []).map((_, column) => sum(rows.map(row => row.cells[column] ?? 0))), base: sum(rows.map(({ base }) => base)) }
}

const roundedBase = (counts: readonly number[]) => sum(counts.map(roundCount))
const shortGroup = (groups: readonly number[][], cells: readonly (readonly number[])[]) => groups.findIndex(group => roundedBase(countsOf(group, cells)) < smallestBase)

/** The finest grouping that tears none of these apart. */
function joined(length: number, groups: readonly (readonly number[])[]): number[][] {
  const leader = Array.from({ length }, (_, index) => index)
  for (const group of groups) {
    if (group.length === 0) continue
    const lowest = Math.min(...group.map(index => leader[index] ?? index))
    const leaders = new Set(group.map(index => leader[index]))
    leader.forEach((each, index) => { if (leaders.has(each)) leader[index] = lowest })
  }
  return [...new Set(leader)].map(first => leader.flatMap((each, index) => each === first ? [index] : []))
}

const countsOf = (group: readonly number[], cells: readonly (readonly number[])[]) => (cells[0] ?? []).map((_, column) => sum(group.map(index => cells[index]?.[column] ?? 0)))

function show(group: number[], cells: readonly (readonly number[])[]): CrossRow {
  const rounded = countsOf(group, cells).map(roundCount)
  return { rows: group, cells: rounded, base: sum(rounded) }
}

function keepOrShow(row: CrossRow, released: CrossTable | null): CrossRow {
  if (!released) return row
  const parts = released.rows.filter(({ rows }) => rows.some(index => row.rows.includes(index)))
  const before = row.cells.map((_, column) => sum(parts.map(({ cells }) => cells[column] ?? 0)))
  // Each rounded number is off by two at most.
  const hides = 2 * (parts.length + 1)
  const certain = sum(row.cells.map((shown, column) => Math.max(0, Math.abs(shown - (before[column] ?? 0)) - hides)))
  return certain >= smallestBase ? row : { rows: row.rows, cells: before, base: sum(before) }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
