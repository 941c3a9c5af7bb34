/** The rest of a loop between two looks for work. Only one rest at a time. */
export interface WakingRest {
  /** Somebody called since the loop last began to look. */
  readonly isWoken: boolean
  readonly isStopping: boolean
  /** There may be work: ends a rest, or keeps the next one from beginning. */
  wake: () => void
  /** It is over: ends any rest, and none begins any more. */
  stop: () => void
  /** The loop looks now: calls from here on are new ones. */
  look: () => void
  /** At most so long. A deaf one is ended by a stop alone. */
  rest: (ms: number, of?: { isDeaf?: boolean }) => Promise<void>
}

export function wakingRest(): WakingRest {
  let isWoken = false
  let isStopping = false
  let isDeafNow = false
  let end: (() => void) | undefined
  return {
    get isWoken() { return isWoken },
    get isStopping() { return isStopping },
    wake() {
      isWoken = true
      if (!isDeafNow) end?.()
    },
    stop() {
      isStopping = true
      end?.()
    },
    look() { isWoken = false },
    async rest(ms, { isDeaf = false } = {}) {
      if (isStopping || (isWoken && !isDeaf)) return
      isDeafNow = isDeaf
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        end = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      end = undefined
    },
  }
}
