/*
  Raking (iterative proportional fitting, Deming & Stephan 1940): weights under which the answers have the age bands and the communities of the people who live there.
  Weights are capped and shown: one person must never speak for many.
*/

/** How many people there are in each category of a margin (`ageBand`, `community`), from the census or the station's own figures. */
export type Margins = Record<string, Record<string, number>>
export interface Raked {
  /** In the order of the people given; their mean is 1. */
  weights: number[]
  /** Whether every margin is met to within a thousandth. A cap, or a category in which nobody answered, can stand against that. */
  isMet: boolean
  /** Kish 1965: so many answers without weights would be as certain, (Σw)² / Σw². For intervals instead of n. */
  effectiveSize: number
  /** The largest difference that is left, as a share of all people. */
  largestGap: number
  /** Categories of the margins in which nobody answered, as `margin.category`: nothing can stand for them. */
  empty: string[]
}

/** A weight above or below is cut and the rest is fitted again (usual caps of social surveys: 0.3 to 3). */
export const weightCaps = { low: 0.3, high: 3 }
const tolerance = 0.001
const mostRounds = 200

type People = readonly Record<string, string | undefined>[]

/**
 * @param people of each who answered, the category in each margin; one that is missing leaves this person's weight untouched by that margin
 * @param sizes how many people each of them stands for, where those alike were put together; the mean weight of all these is 1
 */
export function rake(people: People, margins: Margins, caps = weightCaps, sizes: readonly number[] = people.map(() => 1)): Raked {
  const empty = Object.entries(margins).flatMap(([margin, counts]) => Object.keys(counts).filter(category => (counts[category] ?? 0) > 0 && !people.some(person => person[margin] === category)).map(category => `${margin}.${category}`))
  let weights = people.map(() => 1)
  const all = (weights: readonly number[]) => weights.map((weight, index) => weight * (sizes[index] ?? 0))
  let largestGap = gapOf(people, all(weights), margins)
  for (let round = 0; round < mostRounds && largestGap > tolerance / 100; round++) {
    const before = weights
    for (const [margin, counts] of Object.entries(margins)) weights = fit(people, weights, all(weights), margin, counts)
    weights = toMeanOne(weights.map(weight => Math.min(caps.high, Math.max(caps.low, weight))), sizes)
    largestGap = gapOf(people, all(weights), margins)
    if (weights.every((weight, index) => Math.abs(weight - (before[index] ?? 0)) < 1e-9)) break
  }
  // Bringing the mean back to one can lift a capped weight over its cap again.
  weights = weights.map(weight => Math.min(caps.high, Math.max(caps.low, weight)))
  largestGap = gapOf(people, all(weights), margins)
  return { weights, isMet: largestGap <= tolerance, effectiveSize: effectiveSize(weights, sizes), largestGap, empty }
}

/** (Σw)² / Σw²; 0 of nobody. */
export function effectiveSize(weights: readonly number[], sizes: readonly number[] = weights.map(() => 1)): number {
  const size = (index: number) => sizes[index] ?? 0
  const squares = sum(weights.map((weight, index) => weight * weight * size(index)))
  return squares === 0 ? 0 : sum(weights.map((weight, index) => weight * size(index))) ** 2 / squares
}

/** What each category of a margin has of all who gave one, and what it should have. Categories in which nobody answered have no part. */
function shares(people: People, weights: readonly number[], margin: string, counts: Record<string, number>) {
  const has = new Map<string, number>()
  people.forEach((person, index) => {
    const category = person[margin]
    if (category !== undefined && (counts[category] ?? 0) > 0) has.set(category, (has.get(category) ?? 0) + (weights[index] ?? 0))
  })
  const [all, wanted] = [sum([...has.values()]), sum([...has.keys()].map(category => counts[category] ?? 0))]
  return [...has].map(([category, weight]) => ({ category, has: weight / all, wanted: (counts[category] ?? 0) / wanted }))
}

function fit(people: People, weights: readonly number[], all: readonly number[], margin: string, counts: Record<string, number>): number[] {
  const factors = new Map(shares(people, all, margin, counts).map(({ category, has, wanted }) => [category, wanted / has]))
  return people.map((person, index) => (weights[index] ?? 0) * (factors.get(person[margin] ?? '') ?? 1))
}

function gapOf(people: People, weights: readonly number[], margins: Margins): number {
  return Math.max(0, ...Object.entries(margins).flatMap(([margin, counts]) => shares(people, weights, margin, counts).map(({ has, wanted }) => Math.abs(has - wanted))))
}

function toMeanOne(weights: readonly number[], sizes: readonly number[]): number[] {
  const [total, people] = [sum(weights.map((weight, index) => weight * (sizes[index] ?? 0))), sum(sizes)]
  return total === 0 ? [...weights] : weights.map(weight => weight * people / total)
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
