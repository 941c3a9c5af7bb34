/*
  Delivery to browsers. Words and guarantees are those of deliver.ts: a push goes out twice only when its worker ends between the service's answer and our mark; the browser shows it once, since both have one tag.
*/
import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { PushSubscriptionKeys } from '#shared/alerts/subscription-schema'
import type { ClaimedMessage, OutboxQueue, Settlement } from '#server/db/outbox'
import { PushError, type Push, type WebPushChannel } from './channels/webpush.ts'
import { decide } from './decide.ts'
import { startLoop, type Delivery, type DeliveryLog, type LoopPace } from './delivery-loop.ts'
import { pushPayload } from './messages/alerts.ts'
import { afterFailure, type RetryPolicy } from './retry-policy.ts'

export interface PushParts {
  worker: string
  queue: OutboxQueue
  channel: WebPushChannel
  publicUrl: string
  /** Opens where it goes. Whatever it throws means that nobody will ever open it. */
  open: (message: ClaimedMessage) => PushSubscriptionKeys
  /** The message itself; undefined: there is none. */
  findAlert: (identifier: string) => Promise<PublishedAlert | undefined>
  log: DeliveryLog
}

export interface PushPace extends LoopPace { retry: RetryPolicy }

/** A warning is worth something now: the first hour is tried often. */
export const pushPace: PushPace = { concurrency: 16, batch: 100, leaseSeconds: 60, sendLimitMs: 10_000, idleMs: 5000, gatherMs: 60, retry: { maxAttempts: 12, firstSeconds: 5, longestSeconds: 3600 } }

/** Pushes until it is stopped. */
export function startPushDelivery({ worker, queue, channel, publicUrl, open, findAlert, log }: PushParts, pace: PushPace = pushPace): Delivery {
  return startLoop<ClaimedMessage, Settlement>({
    claim: (limit, leaseSeconds) => queue.claim(worker, limit, leaseSeconds, 'webpush'),
    attempt: async (message, now, trouble) => ({ id: message.id, ...await attempt(message, now, trouble) }),
    release: ({ id }) => ({ id, outcome: 'release' }),
    settle: end => queue.settle(worker, end),
    close: () => channel.close(),
    log,
  }, pace)

  async function attempt(message: ClaimedMessage, now: Date, trouble: (isTrouble: boolean) => void): Promise<Omit<Settlement, 'id'>> {
    if (message.attempts > pace.retry.maxAttempts) return { outcome: 'dead', error: 'worker_lost' }
    const decision = decide(message, 'important', now)
    if (decision.do === 'hold') return { outcome: 'hold', until: decision.until.toISOString() }
    const alert = message.alert === null ? undefined : await findAlert(message.alert).catch(() => 'away' as const)
    if (alert === 'away') return { outcome: 'release' }
    if (!alert) return { outcome: 'dead', error: 'no_text' }
    let to: PushSubscriptionKeys
    try {
      to = open(message)
    }
    catch (error) {
      log.error({ err: error })
      return { outcome: 'dead', error: 'unreadable' }
    }
    try {
      await channel.send({ to, payload: pushPayload(alert, message.locale, publicUrl), ttlSeconds: (Date.parse(alert.expires) - now.getTime()) / 1000, urgency: urgencyOf(alert), topic: alert.chain })
      trouble(false)
      return { outcome: 'sent', sent_by: 'webpush' }
    }
    catch (error) {
      if (!(error instanceof PushError)) throw error
      const { failure } = error
      switch (failure.kind) {
        case 'gone':
          trouble(false)
          return { outcome: 'cancelled', error: 'gone', is_gone: true }
        case 'wait':
          trouble(false)
          if (message.attempts >= pace.retry.maxAttempts) return { outcome: 'dead', error: failure.error }
          return { outcome: 'retry', error: failure.error, after_seconds: failure.seconds }
        case 'failed':
          trouble(!failure.isPermanent && !failure.error.startsWith('push_'))
          return afterFailure(failure, message.attempts, Math.random(), pace.retry)
      }
    }
  }
}

/** A phone that saves its battery wakes for what is urgent. */
function urgencyOf({ colour, isExercise }: PublishedAlert): Push['urgency'] {
  if (isExercise) return 'normal'
  return colour === 'red' || colour === 'orange' ? 'high' : colour === 'yellow' ? 'normal' : 'low'
}
