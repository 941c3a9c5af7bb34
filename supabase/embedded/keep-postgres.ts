import { setTimeout as sleep } from 'node:timers/promises'
import { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts'

/** First pause before a new start, doubled up to the last: a visitor is to be served again within two seconds. */
const pauseMs = { first: 50, last: 500 }
/** A server that cannot be started is named once, then this often. */
const sayAgainMs = 30_000

/** As `Postgres`, whatever process it is at the moment; its port and password stay. */
export type KeptPostgres = Omit<Postgres, 'exited' | 'pid'> & { readonly pid: number }

/** Starts the cluster and, whenever it ends without having been told to, starts it again: the portal answers 503 meanwhile. */
export async function keepPostgres(options: PostgresOptions, log: (message: string) => void): Promise<KeptPostgres> {
  let current = await startPostgres(options)
  const { url, port } = current
  const stopping = new AbortController()
  const keeping = keep()

  async function keep() {
    for (;;) {
      await current.exited
      if (stopping.signal.aborted) return
      log('PostgreSQL ended on its own and is started again')
      const again = await startAgain()
      if (!again) return
      current = again
      log('PostgreSQL is back')
    }
  }

  async function startAgain(): Promise<Postgres | undefined> {
    let saidAt = 0
    for (let pause = pauseMs.first; !stopping.signal.aborted; pause = Math.min(pause * 2, pauseMs.last)) {
      try {
        return await startPostgres({ ...options, port })
      }
      catch (error) {
        if (Date.now() - saidAt > sayAgainMs) {
          saidAt = Date.now()
          log(`PostgreSQL does not start and is tried again: ${error instanceof Error ? error.message : 'unknown'}`)
        }
      }
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    return undefined
  }

  return {
    url,
    port,
    get pid() { return current.pid },
    async stop() {
      stopping.abort()
      await current.stop()
      await keeping
      await current.stop()
    },
  }
}
