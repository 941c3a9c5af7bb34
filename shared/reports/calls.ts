import { callLevels } from '../staff/duty-schema.ts'
import { firstLookMinutes } from './clock.ts'

type CallLevel = typeof callLevels[number]

/**
 * Minutes after a report came in at which a level is told that nobody has opened it: urgent at once, then every ten; otherwise when the first
 * look is overdue and every half day after it (RULES D2; docs/decisions/duty.md). The database says the same in `private.call_after`.
 */
export const callMinutes = {
  urgent: { officer: 0, lead: 10, chief: 20 },
  normal: { officer: firstLookMinutes.normal, lead: firstLookMinutes.normal + 12 * 60, chief: firstLookMinutes.normal + 24 * 60 },
} as const satisfies Record<'urgent' | 'normal', Record<CallLevel, number>>

/** Whom a report that nobody has opened is told to next, and when; undefined once everybody was. */
export function nextCall({ urgency, receivedAt, told }: { urgency: 'urgent' | 'normal', receivedAt: string, told: readonly { level: CallLevel }[] }): { level: CallLevel, at: string } | undefined {
  const level = callLevels.find(name => !told.some(call => call.level === name))
  return level && { level, at: new Date(Date.parse(receivedAt) + callMinutes[urgency][level] * 60_000).toISOString() }
}
