import { z } from 'zod'

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

/** Six digits as people type them: blanks, dashes, full-width. */
export const rollCallCodeSchema = z.string({ error: 'required' }).max(60, 'patrols.errors.code').transform(text => text.normalize('NFKC').replace(/[\s-]/g, '')).pipe(z.string().regex(/^\d{6}$/, 'patrols.errors.code'))

/** When the roll call of a shift is open: from `opensAt` on, and no more at `closesAt`. ISO 8601. */
export function rollCallWindow(startsAt: string): { opensAt: string, closesAt: string } {
  const at = (minutes: number) => new Date(Date.parse(startsAt) + minutes * 60_000).toISOString()
  return { opensAt: at(-rollCall.opensMinutesBefore), closesAt: at(rollCall.closesMinutesAfter) }
}

/** What a right code proves: that somebody stood beside the lead's phone at an instant, told at once or carried over. */
export type Presence = { kind: 'present', how: 'code' | 'offline', at: string } | { kind: 'too_early' } | { kind: 'too_late' }

/**
 * What a code of a step proves at an instant. Not by the clock of the volunteer's phone: the step alone says when.
 * @param step seconds since 1970 in thirties, as the code proves it
 * @param now instant of `private.clock()`, ISO 8601
 */
export function presenceBy(step: number, now: string, startsAt: string): Presence {
  const stepMs = rollCall.stepSeconds * 1000
  const shownAt = step * stepMs
  const { opensAt, closesAt } = rollCallWindow(startsAt)
  if (shownAt < Date.parse(opensAt)) return { kind: 'too_early' }
  if (shownAt >= Date.parse(closesAt)) return { kind: 'too_late' }
  // A code of the step before is one that was typed slowly.
  const how = Date.parse(now) < shownAt + 2 * stepMs ? 'code' : 'offline'
  return { kind: 'present', how, at: new Date(Math.min(shownAt, Date.parse(now))).toISOString() }
}
