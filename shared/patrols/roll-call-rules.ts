/*
  The roll call (RULES I, PRODUCT §4): the lead's phone shows a code that changes every 30 seconds, each volunteer enters it. A code proves the step in
  which it was shown, so that one entered without network counts for when it was entered, as long as it arrives within ten minutes.
*/
export const rollCall = {
  stepSeconds: 30,
  /** Around the beginning of the shift. */
  opensMinutesBefore: 30, closesMinutesAfter: 15,
  /** How late an entered code may arrive, and how far ahead a lead's phone holds codes. */
  offlineMinutes: 10,
  tries: 5,
} as const

/** When the roll call of a shift is open: from `opensAt` on, and no more at `closesAt`. ISO 8601. */
export function rollCallWindow(startsAt: string): { opensAt: string, closesAt: string } {
  const at = (minutes: number) => new Date(Date.parse(startsAt) + minutes * 60_000).toISOString()
  return { opensAt: at(-rollCall.opensMinutesBefore), closesAt: at(rollCall.closesMinutesAfter) }
}
