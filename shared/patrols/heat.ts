/*
  Where and when reports cluster: grid × weekday × band of two hours, over the last 28 whole days (PRODUCT §4). Counts of reports of public categories
  that the desk has accepted, nothing of any of them. Why these formulas: docs/decisions/patrol-planner.md.
*/
export const heatRules = { weeks: 4, weekdays: 7, bands: 12, bandHours: 2, halfLifeWeeks: 2 } as const

/** Reports of one cell in one week. `weekday` from 1 for Monday, `band` from 0 for midnight, `week` from 0 for the last seven days. */
export interface HeatCount { gridId: string, weekday: number, band: number, week: number, count: number }

/** Reports of one cell as a week sees them: the recent weeks weigh more. `low` and `high` hold 95 % of the chance. */
export interface Estimate {
  /** By week, the newest first. */
  byWeek: readonly number[]
  count: number
  rate: number
  low: number
  high: number
}

export interface HeatCell extends Estimate { gridId: string, weekday: number, band: number }

export interface HeatTable {
  /** Those with a report. What is missing here is `empty`. */
  cells: HeatCell[]
  empty: Estimate
  /** How many cells there are, with and without reports. */
  size: number
  count: number
  /** Reports that a cell would have in 28 days if they were spread evenly over all. */
  mean: number
}

/** The weight of a week: half after two weeks. Each weekday comes once in a week, so that all cells weigh alike. */
const weights = Array.from({ length: heatRules.weeks }, (_, week) => 2 ** (-week / heatRules.halfLifeWeeks))

/** 95 % of a normal distribution lie within as many standard deviations. */
const z = 1.96

/**
 * The cells of a station with their rates.
 * @param gridIds all grids that are looked at: those without a report count, too
 */
export function heatTable(counts: readonly HeatCount[], gridIds: readonly string[]): HeatTable {
  const found = new Map<string, { gridId: string, weekday: number, band: number, byWeek: number[] }>()
  for (const { gridId, weekday, band, week, count } of counts) {
    if (!gridIds.includes(gridId) || !(week in weights)) continue
    const name = `${gridId} ${weekday} ${band}`
    const cell = found.get(name) ?? { gridId, weekday, band, byWeek: weights.map(() => 0) }
    cell.byWeek[week] = (cell.byWeek[week] ?? 0) + count
    found.set(name, cell)
  }
  const cells = [...found.values()].map(({ gridId, weekday, band, byWeek }) => ({ gridId, weekday, band, ...estimate(byWeek) })).filter(({ count }) => count > 0)
  const size = gridIds.length * heatRules.weekdays * heatRules.bands
  const count = cells.reduce((sum, cell) => sum + cell.count, 0)
  return { cells, empty: estimate(weights.map(() => 0)), size, count, mean: size ? count / size : 0 }
}

/**
 * How many reports a week brings, from those of four weeks, and how sure that is.
 * @param byWeek counts, the newest week first
 * @see Dobson et al. 1991, https://doi.org/10.1002/sim.4780100317 (intervals of weighted sums of Poisson counts); Breslow & Day 1987, p. 69 (Byar's limits)
 */
export function estimate(byWeek: readonly number[]): Estimate {
  const sum = (pick: (weight: number, count: number) => number) => weights.reduce((all, weight, week) => all + pick(weight, byWeek[week] ?? 0), 0)
  const [all, count] = [sum(weight => weight), sum((_, count) => count)]
  const rate = sum((weight, count) => weight * count) / all
  // Without any report the interval is that of the week which weighs most: the widest that can be meant.
  const spread = count ? Math.sqrt(sum((weight, count) => weight * weight * count) / count) / all : Math.max(...weights) / all
  return { byWeek, count, rate, low: Math.max(0, rate + spread * (byarLow(count) - count)), high: rate + spread * (byarHigh(count) - count) }
}

function byarLow(count: number): number {
  return count ? count * (1 - 1 / (9 * count) - z / (3 * Math.sqrt(count))) ** 3 : 0
}

function byarHigh(count: number): number {
  const next = count + 1
  return next * (1 - 1 / (9 * next) + z / (3 * Math.sqrt(next))) ** 3
}

/** The chance that as many reports or more fall into a cell where so many are expected, if each falls by itself (Poisson). */
export function chanceOfAsMany(count: number, expected: number): number {
  if (count <= 0) return 1
  if (expected <= 0) return 0
  let term = Math.exp(-expected)
  for (let index = 1; index <= count; index++) term *= expected / index
  let sum = 0
  for (let index = count + 1; term > sum * Number.EPSILON; index++) {
    sum += term
    term *= expected / index
  }
  return Math.min(1, sum)
}
