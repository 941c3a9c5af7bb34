import { dayOf } from '../reports/wall-time.ts'

/** How a worklist is cut: what is late first, then what ends today, this week (until Sunday), and after it. */
export const dueGroups = ['overdue', 'today', 'week', 'later'] as const
export type DueGroup = typeof dueGroups[number]

const dayMs = 86_400_000

/** Computed for the reader, never stored. A limit at 24:00 belongs to the day that ends with it. */
export function dueGroup(dueAt: string, now: string, timeZone: string): DueGroup {
  if (Date.parse(now) > Date.parse(dueAt)) return 'overdue'
  const last = Date.parse(dayOf(new Date(Date.parse(dueAt) - 1).toISOString(), timeZone))
  const today = Date.parse(dayOf(now, timeZone))
  if (last <= today) return 'today'
  const weekday = new Date(today).getUTCDay() || 7
  return last <= today + (7 - weekday) * dayMs ? 'week' : 'later'
}
