/*
  Delivery of the outbox. Words used here:
    worker    one running portal; several deliver side by side, each row belongs to one of them at a time (its lease)
    attempt   one try to hand one mail to a channel; it counts from the claim on, so that a mail that kills its worker is given up
    settle    write down how an attempt ended
  A mail goes out twice in one case only: its worker ends, or loses the database for the rest of the lease, between the server's 250 and our
  mark. At most `concurrency` mails are between the two at any time. Both copies have the same Message-ID.
*/
import type { ClaimedMessage, OutboxClaim, OutboxQueue, Settlement } from '#server/db/outbox'
import { SendError, type Channel } from './channels/channel.ts'
import { decide } from './decide.ts'
import { isOwed } from './messages/message-kind.ts'
import { messageKind, writeMail } from './messages/write-mail.ts'
import { afterFailure, retryPolicy, type RetryPolicy } from './retry-policy.ts'

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
  log: { info: (facts: object) => void, error: (facts: object) => void }
}

export interface DeliveryPace {
  concurrency: number
  batch: number
  leaseSeconds: number
  /** After so long an attempt is over; none begins that could outlive the lease. */
  sendLimitMs: number
  /** How often the queue is looked at when nothing wakes the loop: another worker, or a job, may have written into it. */
  idleMs: number
  retry: RetryPolicy
}

export const usualPace: DeliveryPace = { concurrency: 4, batch: 20, leaseSeconds: 120, sendLimitMs: 30_000, idleMs: 15_000, retry: retryPolicy }

export interface Delivery {
  /** Something may have been queued: look soon. Many calls in a moment make one look. */
  wake: () => void
  /** Claims no more, lets what is under way end for so long, gives the rest back. */
  stop: (graceMs: number) => Promise<void>
}

/** What one request queues arrives together with what the next ones do. */
const gatherMs = 150
/** So many failures in a row that are about no message mean that the server is away: rest instead of using up the attempts of all. */
const troubleLimit = 8
const longestRestMs = 60_000

/** Delivers until it is stopped. */
export function startDelivery({ worker, queue, channel, publicUrl, open, log }: DeliveryParts, pace: DeliveryPace = usualPace): Delivery {
  const { concurrency, batch, leaseSeconds, sendLimitMs, idleMs, retry } = pace
  let isStopping = false
  let isWoken = false
  let endRest: (() => void) | undefined
  let troubles = 0
  const done = loop()

  return {
    wake() {
      isWoken = true
      endRest?.()
    },
    async stop(graceMs) {
      isStopping = true
      endRest?.()
      await Promise.race([done, pause(graceMs)])
      channel.close()
    },
  }

  async function loop() {
    let failures = 0
    while (!isStopping) {
      const claimedAt = performance.now()
      isWoken = false
      try {
        const claim = await queue.claim(worker, batch, leaseSeconds)
        failures = 0
        if (claim.messages.length) await work(claim, claimedAt + leaseSeconds * 1000)
        if (troubles >= troubleLimit) await rest(Math.min(longestRestMs, 1000 * 2 ** (troubles - troubleLimit)), false)
        else if (claim.messages.length < batch) await rest(untilNext(claim))
      }
      catch (error) {
        log.error({ err: error })
        await rest(Math.min(idleMs, 500 * 2 ** failures++), false)
      }
    }
  }

  function untilNext({ next_in_seconds: next }: OutboxClaim) {
    return Math.min(idleMs, next === null ? idleMs : Math.max(0, next * 1000) + 20)
  }

  async function rest(ms: number, mayWake = true) {
    if (isStopping) return
    if (!(mayWake && isWoken)) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        endRest = () => {
          if (!mayWake && !isStopping) return
          clearTimeout(timer)
          resolve()
        }
      })
      endRest = undefined
    }
    if (isWoken && mayWake && !isStopping) await pause(gatherMs)
  }

  async function work({ messages, now }: OutboxClaim, leaseEndsAt: number) {
    const counts: Partial<Record<Settlement['outcome'], number>> = {}
    const waiting = messages.values()
    await Promise.all(Array.from({ length: concurrency }, async () => {
      for (const message of waiting) {
        const mayBegin = !isStopping && troubles < troubleLimit && performance.now() + sendLimitMs < leaseEndsAt
        const end: Settlement = mayBegin ? { id: message.id, ...await attempt(message, new Date(now)) } : { id: message.id, outcome: 'release' }
        counts[end.outcome] = (counts[end.outcome] ?? 0) + 1
        await settle(end, leaseEndsAt)
      }
    }))
    log.info({ delivered: counts })
  }

  async function attempt(message: ClaimedMessage, now: Date): Promise<Omit<Settlement, 'id'>> {
    const kind = messageKind(message.template)
    if (!kind) return { outcome: 'dead', error: 'no_text' }
    if (message.attempts > retry.maxAttempts) return { outcome: 'dead', error: 'worker_lost' }
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
    const { template, locale, reference, matters } = message
    const links = opened.links
    const text = writeMail({ template, locale, reference, matters, params: opened.params }, { publicUrl, ...(links && { settings: links.settings }) })
    if (!text) return { outcome: 'dead', error: 'no_text' }
    try {
      await channel.send({ ...text, to: opened.to, key: message.message_key, ...(links && !isOwed(kind.weight) && { unsubscribeUrl: links.unsubscribe }) })
      troubles = 0
      return { outcome: 'sent', sent_by: channel.name, ...forget }
    }
    catch (error) {
      if (!(error instanceof SendError)) log.error({ err: error })
      const failure = error instanceof SendError ? error.failure : { isPermanent: false, error: 'unknown' }
      troubles = failure.error.startsWith('smtp_') ? 0 : troubles + 1
      return afterFailure(failure, message.attempts, Math.random(), retry)
    }
  }

  /** Said again until the database has heard it, as long as the row is ours: what is not marked would be sent again. */
  async function settle(end: Settlement, leaseEndsAt: number) {
    for (let tries = 0; ; tries++) {
      try {
        return await queue.settle(worker, end)
      }
      catch (error) {
        const waitMs = Math.min(5000, 100 * 2 ** tries)
        if (performance.now() + waitMs > leaseEndsAt) throw error
        await pause(waitMs)
      }
    }
  }
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
