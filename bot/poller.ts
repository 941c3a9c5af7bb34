import { GrammyError, type Api } from 'grammy'
import { updateKinds } from '#server/domain/chat/bot-updates'

export interface PollerParts {
  api: Api
  /** Keeps what came. What is kept is not asked for again. */
  keep: (updates: readonly unknown[]) => Promise<unknown>
  onKept: () => void
  log: { warn: (facts: object) => void }
}

/** A question stays open for so long while nothing comes. */
const pollSeconds = 25
const longestPauseMs = 30_000

/**
 * Asks Telegram for updates and keeps them before it asks for the next: what was handed out and not kept comes again, and is known by its number.
 * One process may ask at a time; Telegram refuses the others, who try again.
 */
export function startPoller({ api, keep, onKept, log }: PollerParts) {
  const ending = new AbortController()
  const done = loop()
  return {
    async stop() {
      ending.abort()
      await done
    },
  }

  async function loop() {
    let offset = 0
    for (let failures = 0; !ending.signal.aborted;) {
      try {
        const updates = await api.getUpdates({ offset, limit: 100, timeout: pollSeconds, allowed_updates: [...updateKinds] }, ending.signal as Parameters<Api['getUpdates']>[1])
        failures = 0
        if (!updates.length) continue
        await keep(updates)
        offset = (updates.at(-1)?.update_id ?? offset) + 1
        onKept()
      }
      catch (error) {
        if (ending.signal.aborted) return
        log.warn({ bot: 'no updates', code: error instanceof GrammyError ? error.error_code : 'unreachable' })
        await pause(Math.min(longestPauseMs, 500 * 2 ** failures++))
      }
    }
  }

  function pause(ms: number) {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      ending.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      }, { once: true })
    })
  }
}
