import type { ClaimedMessage } from '#server/db/outbox'
import { quietUntil } from '#shared/messages/quiet-hours'
import type { Weight } from './messages/message-kind.ts'

/** A sign-in code is worth nothing an hour after it was asked for. */
const codeLifeMs = 3600 * 1000

export type Decision = { do: 'send' } | { do: 'hold', until: Date } | { do: 'cancel', why: 'opted_out' | 'expired' }
type Facts = Pick<ClaimedMessage, 'created_at' | 'level' | 'quiet_from' | 'quiet_to' | 'time_zone'>

/** What becomes of a message that is due: what its recipient wants, and whether they sleep. @param now by the station's clock */
export function decide({ created_at, level, quiet_from, quiet_to, time_zone }: Facts, weight: Weight, now: Date): Decision {
  if (weight === 'code') return now.getTime() - new Date(created_at).getTime() > codeLifeMs ? { do: 'cancel', why: 'expired' } : { do: 'send' }
  if (weight === 'call') return { do: 'send' }
  if (weight !== 'duty' && (level === 'none' || (level === 'important' && weight === 'normal'))) return { do: 'cancel', why: 'opted_out' }
  const until = weight === 'urgent' ? undefined : quietUntil(now, time_zone ?? 'Asia/Shanghai', { from: quiet_from, to: quiet_to })
  return until ? { do: 'hold', until } : { do: 'send' }
}
