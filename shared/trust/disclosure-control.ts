import { wilsonInterval } from './wilson-interval.ts'

/*
  RULES E3: the one place that every published number passes; staff see what the public sees. How and why: docs/decisions/rounded-figures.md.
  A table has rows that add up to its total. Three steps: a base below ten is hidden; so are further rows, until what is hidden cannot be
  computed from the total and the rest; what is left is rounded to five.
*/

/** ONS and PRODUCT §5: no number about fewer people. */
export const smallestBase = 10
export const roundingStep = 5

/** How many there were, and to how many of them it applies (`null`: only how many there were). */
export interface RawFigure { base: number, count: number | null }

/** After disclosure control: multiples of five; null is hidden. */
export interface PublishedFigure { base: number | null, count: number | null }

const hidden: PublishedFigure = { base: null, count: null }

/** RULES E3: to the nearest five, the same for the same count. A half cannot occur: counts are whole and five is odd. */
export function roundCount(count: number): number {
  return Math.round(count / roundingStep) * roundingStep
}

/**
 * RULES E3 for one table: hides what is too small, then hides more so that no hidden row can be computed, then rounds.
 * @param rows each case in exactly one row; the total is their sum and never given from outside
 */
export function controlTable(rows: readonly RawFigure[]): { total: PublishedFigure, rows: PublishedFigure[] } {
  const total = rows.reduce<RawFigure>((sum, { base, count }) => ({ base: sum.base + base, count: count === null || sum.count === null ? null : sum.count + count }), { base: 0, count: 0 })
  if (total.base < smallestBase) return { total: hidden, rows: rows.map(() => hidden) }
  const suppressed = rowsToHide(rows)
  return { total: publish(total), rows: rows.map((row, index) => suppressed.has(index) ? hidden : publish(row)) }
}

/**
 * The places of rows that may not be shown. Too small ones first; then the rows that follow the first of them, until two or more are hidden that hold ten or more together. Not the
 * smallest ones: whoever knows that a hidden row is smaller than every visible one can compute some of them (the test is such an attack).
 */
export function rowsToHide(rows: readonly Pick<RawFigure, 'base'>[]): Set<number> {
  const found = new Set(rows.flatMap(({ base }, index) => base < smallestBase ? [index] : []))
  const [first] = found
  if (first === undefined) return found
  const together = () => [...found].reduce((sum, index) => sum + (rows[index]?.base ?? 0), 0)
  for (let step = 1; step < rows.length && (found.size < 2 || together() < smallestBase); step++) found.add((first + step) % rows.length)
  return found
}

function publish({ base, count }: RawFigure): PublishedFigure {
  return { base: roundCount(base), count: count === null ? null : roundCount(count) }
}

/** A rate in whole per cent with its 95 % interval. */
export interface PublishedRate { percent: number, low: number, high: number }

/** RULES E3: from the rounded counts, so that it tells no more than they do. Undefined where they are hidden. */
export function publishedRate({ base, count }: PublishedFigure): PublishedRate | undefined {
  if (base === null || count === null) return undefined
  const interval = wilsonInterval(count, base)
  const whole = (share: number) => Math.round(share * 100)
  return interval && { percent: whole(count / base), low: whole(interval.low), high: whole(interval.high) }
}
