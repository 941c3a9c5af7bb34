/*
  Marks on answers that nobody vouches for (PRODUCT §5, RULES E1): many from one network, from a device of the station, in a burst. They are set when an answer comes,
  from counts alone: of a keyed hash of the network that is forgotten with the occasion, and of the hour. No address, no device and no time stands beside an answer.
*/

export const responseMarks = ['network', 'staff', 'burst'] as const
export type ResponseMark = (typeof responseMarks)[number]

/**
 * Of so many counted answers one network may have given as many. One sixtieth moves a share by less than two points, whoever sends however many more; the first
 * answer of a network always counts.
 */
export function networkAllowance(counted: number): number {
  return Math.max(1, Math.floor(counted / 60))
}

/** More in one hour are a burst: four standard deviations above what is usual in an hour with answers, and never ten or fewer. @param hours answers in each earlier hour of the occasion */
export function burstLimit(hours: readonly number[]): number {
  const busy = hours.filter(count => count > 0).toSorted((a, b) => a - b)
  const median = busy[Math.floor(busy.length / 2)] ?? 0
  return Math.max(10, Math.ceil(median + 4 * Math.sqrt(median)))
}

/** What is known when an answer comes; it is not counted in any of these yet. */
export interface Arrival { fromNetwork: number, counted: number, hours: readonly number[], inThisHour: number, isStaffDevice: boolean }

/** The marks of an answer, in the order of `responseMarks`. */
export function marksOf({ fromNetwork, counted, hours, inThisHour, isStaffDevice }: Arrival): ResponseMark[] {
  const holds: Record<ResponseMark, boolean> = { network: fromNetwork >= networkAllowance(counted), staff: isStaffDevice, burst: inThisHour >= burstLimit(hours) }
  return responseMarks.filter(mark => holds[mark])
}

/**
 * Whether an open answer counts. A burst alone does not take it out: a notice in the stairwell makes one as well; the desk sees it and the page says so.
 * An answer with a ballot or a personal link counts whatever its marks.
 */
export function countsAsOpen(marks: readonly ResponseMark[]): boolean {
  return !marks.includes('network') && !marks.includes('staff')
}
