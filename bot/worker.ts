/*
  A worker takes updates from the store, one of a chat at a time, in their order, and any number of workers may do so. An update ends in the
  transaction that commits what it did; whoever dies before that leaves it to another, and what it had already done outside carries keys that do
  it no second time. A lease is short and renewed while the work goes on: a chat waits seconds for a worker that is dead, and a film of 20 MB
  has its minute.
*/
import { randomUUID } from 'node:crypto'
import type { Update } from 'grammy/types'
import { openUpdate } from '#server/domain/chat/bot-updates'
import { botWork } from '#server/domain/chat/bot-work'
import type { Services } from '#server/domain/services'
import { wakingRest } from '#server/outbox/waking-rest'
import type { Work } from './context.ts'

export interface WorkerParts {
  services: Services
  handle: (update: Update, work: Work) => Promise<void>
  /** Something was queued to be sent. */
  onHandled: () => void
  /** What is said when an update is given up, in the language of its sender. */
  onGivenUp: (update: Update, work: Work) => Promise<void>
  log: { error: (facts: object) => void, warn: (facts: object) => void }
}

export interface WorkerPace {
  /** Chats that one worker serves at a time. */
  concurrency: number
  /** Whoever is woken waits so long for more to come: one look at the store takes several chats then, and a webhook is answered meanwhile. */
  gatherMs: number
  /** Renewed each third of it. */
  leaseSeconds: number
  /** How often the store is looked at when nothing wakes the worker: another process may have put something in. */
  idleMs: number
  /** After so many tries an update is given up with a sentence: it must not stop its chat for ever. */
  maxAttempts: number
}

export const usualWorkerPace: WorkerPace = { concurrency: 8, gatherMs: 15, leaseSeconds: 6, idleMs: 1000, maxAttempts: 6 }

export interface Worker {
  wake: () => void
  /** Takes no more, and lets what is under way end for so long. */
  stop: (graceMs: number) => Promise<void>
}

/** A download may take a minute; what takes longer than this hangs, and is another worker's. */
const longestWorkMs = 120_000

/** Works until it is stopped. */
export function startWorker({ services, handle, onHandled, onGivenUp, log }: WorkerParts, pace: WorkerPace = usualWorkerPace): Worker {
  const name = randomUUID()
  const queue = botWork(services, name)
  const running = new Set<Promise<void>>()
  /** What is in our hands, since when. */
  const held = new Map<string, number>()
  const between = wakingRest()
  const done = loop()
  const renewing = setInterval(() => void renew(), pace.leaseSeconds * 1000 / 3)

  return {
    wake: between.wake,
    async stop(graceMs) {
      between.stop()
      await Promise.race([done.then(() => Promise.all(running)), pause(graceMs)])
      clearInterval(renewing)
    },
  }

  async function loop() {
    for (let failures = 0; !between.isStopping;) {
      if (between.isWoken) await pause(pace.gatherMs)
      between.look()
      const room = pace.concurrency - running.size
      if (room === 0) {
        await between.rest(pace.idleMs)
        continue
      }
      try {
        const { updates, next_in_ms: next } = await queue.claim(room, pace.leaseSeconds)
        failures = 0
        for (const update of updates) {
          held.set(update.hash, performance.now())
          const work = handleOne(update).finally(() => {
            running.delete(work)
            held.delete(update.hash)
            // The chat may have more, and there is room again.
            between.wake()
          })
          running.add(work)
        }
        if (updates.length < room) await between.rest(Math.min(pace.idleMs, next ?? pace.idleMs))
      }
      catch (error) {
        log.error({ err: error })
        await between.rest(Math.min(5000, 250 * 2 ** failures++))
      }
    }
  }

  /** Most updates are done before the first time. What we lose nevertheless another does, and our commit finds it done; so it goes with what never ends. */
  async function renew() {
    const hashes = [...held].filter(([, claimedAt]) => {
      const ms = performance.now() - claimedAt
      return ms >= pace.leaseSeconds * 250 && ms < longestWorkMs
    }).map(([hash]) => hash)
    if (hashes.length) await queue.renew(hashes, pace.leaseSeconds).catch((error: unknown) => log.error({ err: error }))
  }

  async function handleOne(claimed: Awaited<ReturnType<typeof queue.claim>>['updates'][number]) {
    const { hash, attempts } = claimed
    try {
      const update = readUpdate(claimed)
      const work: Work | undefined = update && queue.workOf(claimed, chatIdOf(update))
      if (!update || !work) {
        await queue.drop(claimed)
        return
      }
      await (attempts > pace.maxAttempts ? onGivenUp(update, work) : handle(update, work))
      onHandled()
    }
    catch (error) {
      log.warn({ attempts, err: error })
      await queue.release(hash, 250 * 2 ** Math.min(attempts, 5)).catch(() => undefined) // its lease ends by itself
    }
  }

  /** What does not open will never open: the key is gone. */
  function readUpdate(claimed: Parameters<typeof queue.drop>[0]): Update | undefined {
    try {
      return openUpdate(services.keys, claimed) as Update // kept by us as Telegram sent it
    }
    catch (error) {
      log.error({ err: error })
      return undefined
    }
  }
}

const chatIdOf = (update: Update) => (update.message ?? update.callback_query?.message ?? update.my_chat_member)?.chat.id

const pause = (ms: number) => new Promise<void>((resolve) => {
  setTimeout(resolve, ms).unref()
})
