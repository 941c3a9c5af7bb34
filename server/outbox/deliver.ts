/*
  Delivery of the outbox. Words used here:
    worker    one running portal; several deliver side by side, each row belongs to one of them at a time (its lease)
    attempt   one try to hand one mail to a channel; it counts from the claim on, so that a mail that kills its worker is given up
    settle    write down how an attempt ended
  A mail goes out twice in one case only: its worker ends, or loses the database for the rest of the lease, between the server's 250 and our
  mark. At most `concurrency` mails are between the two at any time. Both copies have the same Message-ID.
*/
import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { ClaimedMessage, OutboxQueue, Settlement } from '#server/db/outbox'
import { SendError, type Channel } from './channels/channel.ts'
import { decide } from './decide.ts'
import { startLoop, type Delivery, type DeliveryLog, type LoopPace } from './delivery-loop.ts'
import { isOwed } from './messages/message-kind.ts'
import { messageKind, writeMail } from './messages/write-mail.ts'
import { afterFailure, retryPolicy, type RetryPolicy } from './retry-policy.ts'

export type { Delivery } from './delivery-loop.ts'

/** What only the keys tell about a message. */
export interface OpenedMessage {
  to: string
  params: Record<string, string>
  /** The recipient's own page of settings, and where one POST ends the mails; none for sign-in codes. */
  links?: { settings: string, unsubscribe: string }
}

export interface DeliveryParts {
  worker: string
  queue: OutboxQueue
  channel: Channel
  publicUrl: string
  /** Opens what is sealed. Whatever it throws means that nobody will ever open it. */
  open: (message: ClaimedMessage) => OpenedMessage
  /** An alert that somebody subscribed to; undefined: there is none. */
  findAlert: (identifier: string) => Promise<PublishedAlert | undefined>
  log: DeliveryLog
}

export interface DeliveryPace extends LoopPace {
  retry: RetryPolicy
}

export const usualPace: DeliveryPace = { concurrency: 4, batch: 20, leaseSeconds: 120, sendLimitMs: 30_000, idleMs: 15_000, gatherMs: 150, retry: retryPolicy }

/** Delivers mails until it is stopped. */
export function startDelivery({ worker, queue, channel, publicUrl, open, findAlert, log }: DeliveryParts, pace: DeliveryPace = usualPace): Delivery {
  return startLoop<ClaimedMessage, Settlement>({
    claim: (limit, leaseSeconds) => queue.claim(worker, limit, leaseSeconds),
    attempt: async (message, now, trouble) => ({ id: message.id, ...await attempt(message, now, trouble) }),
    release: ({ id }) => ({ id, outcome: 'release' }),
    settle: end => queue.settle(worker, end),
    close: () => channel.close(),
    log,
  }, pace)

  async function attempt(message: ClaimedMessage, now: Date, trouble: (isTrouble: boolean) => void): Promise<Omit<Settlement, 'id'>> {
    const kind = messageKind(message.template)
    if (!kind) return { outcome: 'dead', error: 'no_text' }
    if (message.attempts > pace.retry.maxAttempts) return { outcome: 'dead', error: 'worker_lost' }
    // A code is forgotten as soon as it went; the demo's mailbox goes on showing it.
    const forget = channel.name === 'mailbox' ? {} : { forget_params: true }
    const decision = decide(message, kind.weight, now)
    if (decision.do === 'cancel') return { outcome: 'cancelled', error: decision.why, ...forget }
    if (decision.do === 'hold') return { outcome: 'hold', until: decision.until.toISOString() }

    let opened: OpenedMessage
    try {
      opened = open(message)
    }
    catch (error) {
      log.error({ err: error })
      return { outcome: 'dead', error: 'unreadable' }
    }
    if (!opened.to) return { outcome: 'dead', error: 'no_address' }
    const { template, locale, reference, matters, alert: alertIdentifier } = message
    const alert = message.subscription_id && alertIdentifier ? await findAlert(alertIdentifier).catch(() => 'away' as const) : undefined
    if (alert === 'away') return { outcome: 'release' }
    const links = opened.links
    const text = writeMail({ template, locale, reference, matters, params: opened.params, alertIdentifier, alert }, { publicUrl, ...(links && { settings: links.settings }) })
    if (!text) return { outcome: 'dead', error: 'no_text' }
    try {
      await channel.send({ ...text, to: opened.to, key: message.message_key, ...(links && !isOwed(kind.weight) && { unsubscribeUrl: links.unsubscribe }) })
      trouble(false)
      return { outcome: 'sent', sent_by: channel.name, ...forget }
    }
    catch (error) {
      if (!(error instanceof SendError)) log.error({ err: error })
      const failure = error instanceof SendError ? error.failure : { isPermanent: false, error: 'unknown' }
      trouble(!failure.error.startsWith('smtp_'))
      return afterFailure(failure, message.attempts, Math.random(), pace.retry)
    }
  }
}
