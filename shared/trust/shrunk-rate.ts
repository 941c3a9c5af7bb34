import { wilsonInterval } from './wilson-interval.ts'

/** PRODUCT §5: so many answers of the station's mean are laid beside everyone's own. Few answers then say little, and a hundred nearly all. */
export const priorAnswers = 20

/**
 * A share drawn to the mean, (x + k·p₀) / (n + k), and the lower end of its 95 % interval, which is what lists are ordered by: what may be said for certain.
 * @param mean share of the whole station over twelve months, 0 to 1
 */
export function shrunkRate({ count, base }: { count: number, base: number }, mean: number, prior = priorAnswers): { share: number, low: number } | undefined {
  if (base < 0 || base + prior <= 0) return undefined
  const [drawnCount, drawnBase] = [count + prior * mean, base + prior]
  const interval = wilsonInterval(drawnCount, drawnBase)
  return interval && { share: drawnCount / drawnBase, low: interval.low }
}
