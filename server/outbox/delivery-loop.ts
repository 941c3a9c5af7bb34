/*
  The loop of a worker that delivers: claim, try, settle, rest until something is due or was queued. What is claimed and how it is tried
  is the business of deliver.ts (mails) and deliver-telegram.ts; their words are at the head of deliver.ts.
*/
import type { Settlement } from '#server/db/outbox'
import { wakingRest } from './waking-rest.ts'

export interface LoopPace {
  concurrency: number
  batch: number
  leaseSeconds: number
  /** After so long an attempt is over. None begins that could outlive the lease, or where leases are renewed the next renewal. */
  sendLimitMs: number
  /** How often the queue is looked at when nothing wakes the loop: another worker, or a job, may have written into it. */
  idleMs: number
  /** What one request queues arrives together with what the next ones do. */
  gatherMs: number
}

export interface Delivery {
  /** Something may have been queued: look soon. Many calls in a moment make one look. */
  wake: () => void
  /** Claims no more, lets what is under way end for so long, gives the rest back. */
  stop: (graceMs: number) => Promise<void>
}

export interface DeliveryLog { info: (facts: object) => void, error: (facts: object) => void }

interface Claim<Message> { now: string, messages: Message[], next_in_seconds: number | null }

interface LoopParts<Message, End extends Settlement> {
  claim: (limit: number, leaseSeconds: number) => Promise<Claim<Message>>
  /** One try. Tells `trouble` whether it failed for a reason that is not the message's. */
  attempt: (message: Message, now: Date, trouble: (isTrouble: boolean) => void) => Promise<End>
  /** Says that these are still ours; a short lease is renewed each third of it while they are worked on. */
  renew?: (messages: Message[], leaseSeconds: number) => Promise<unknown>
  /** Given back untried. */
  release: (message: Message) => End
  settle: (end: End) => Promise<unknown>
  close: () => void
  log: DeliveryLog
}

/** So many failures in a row that are about no message mean that the server is away: rest instead of using up the attempts of all. */
const troubleLimit = 8
const longestRestMs = 60_000

/** Delivers until it is stopped. */
export function startLoop<Message, End extends Settlement>({ claim, attempt, renew, release, settle, close, log }: LoopParts<Message, End>, { concurrency, batch, leaseSeconds, sendLimitMs, idleMs, gatherMs }: LoopPace): Delivery {
  const between = wakingRest()
  let troubles = 0
  const done = loop()

  return {
    wake: between.wake,
    async stop(graceMs) {
      between.stop()
      await Promise.race([done, pause(graceMs)])
      close()
    },
  }

  async function loop() {
    let failures = 0
    while (!between.isStopping) {
      const claimedAt = performance.now()
      between.look()
      try {
        const claimed = await claim(batch, leaseSeconds)
        const answeredAt = performance.now()
        failures = 0
        if (claimed.messages.length) await work(claimed, claimedAt + leaseSeconds * 1000)
        if (troubles >= troubleLimit) await between.rest(Math.min(longestRestMs, 1000 * 2 ** (troubles - troubleLimit)), { isDeaf: true })
        else if (claimed.messages.length < batch) await restUntil(untilNext(claimed, answeredAt))
      }
      catch (error) {
        log.error({ err: error })
        await between.rest(Math.min(idleMs, 500 * 2 ** failures++), { isDeaf: true })
      }
    }
  }

  /** What was claimed has been worked on since: that time counts. */
  function untilNext({ next_in_seconds: next }: Claim<Message>, answeredAt: number) {
    return Math.min(idleMs, next === null ? idleMs : Math.max(0, next * 1000 - (performance.now() - answeredAt)) + 20)
  }

  async function restUntil(ms: number) {
    await between.rest(ms)
    if (between.isWoken && !between.isStopping) await pause(gatherMs)
  }

  async function work({ messages, now }: Claim<Message>, leaseEndsAt: number) {
    const counts: Partial<Record<Settlement['outcome'], number>> = {}
    const waiting = messages.values()
    const left = new Set(messages)
    const lease = renewed(left, leaseEndsAt)
    try {
      await Promise.all(Array.from({ length: concurrency }, async () => {
        for (const message of waiting) {
          const mayBegin = !between.isStopping && troubles < troubleLimit && performance.now() + lease.marginMs < lease.endsAt
          const end = mayBegin ? await attempt(message, new Date(now), (isTrouble) => { troubles = isTrouble ? troubles + 1 : 0 }) : release(message)
          counts[end.outcome] = (counts[end.outcome] ?? 0) + 1
          await keepSettling(end, lease)
          left.delete(message)
        }
      }))
    }
    finally {
      clearInterval(lease.timer)
    }
    log.info({ delivered: counts })
  }

  /** What is claimed at once, and until when it is ours. */
  function renewed(left: ReadonlySet<Message>, endsAt: number) {
    const ms = leaseSeconds * 1000
    const lease = { endsAt, marginMs: renew ? ms / 3 : sendLimitMs, timer: renew && setInterval(() => void again(renew), ms / 3) }
    return lease

    async function again(ask: NonNullable<typeof renew>) {
      const askedAt = performance.now()
      try {
        await ask([...left], leaseSeconds)
        lease.endsAt = askedAt + ms
      }
      catch (error) {
        log.error({ err: error })
      }
    }
  }

  /** Said again until the database has heard it, as long as the row is ours: what is not marked would be sent again. */
  async function keepSettling(end: End, lease: { endsAt: number }) {
    for (let tries = 0; ; tries++) {
      try {
        return await settle(end)
      }
      catch (error) {
        const waitMs = Math.min(5000, 100 * 2 ** tries)
        if (performance.now() + waitMs > lease.endsAt) throw error
        await pause(waitMs)
      }
    }
  }
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
