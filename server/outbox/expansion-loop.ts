// Writes out who is told of what was published, as soon as somebody published, and looks now and then for what a worker that died left.
import type { Delivery, DeliveryLog } from './delivery-loop.ts'
import { wakingRest } from './waking-rest.ts'

interface ExpansionParts {
  expand: (onPage: () => void) => Promise<{ people: number }>
  /** Something was queued. */
  onPage: () => void
  log: DeliveryLog
}

/** Once a quarter of a minute without being woken; the job alerts:expand looks, too. */
const idleMs = 15_000
/** Everything that is no GET wakes: many in a moment make one look. */
const gatherMs = 30

/** Runs until it is stopped. */
export function startExpansion({ expand, onPage, log }: ExpansionParts): Delivery {
  const between = wakingRest()
  const done = run()
  return {
    wake: between.wake,
    async stop(graceMs) {
      between.stop()
      await Promise.race([done, new Promise(resolve => setTimeout(resolve, graceMs))])
    },
  }

  async function run() {
    while (!between.isStopping) {
      between.look()
      try {
        const { people } = await expand(onPage)
        if (people) log.info({ audience: people })
      }
      catch (error) {
        log.error({ err: error })
      }
      await between.rest(idleMs)
      await between.rest(gatherMs, { isDeaf: true })
    }
  }
}
