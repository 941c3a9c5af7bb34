import { createHash } from 'node:crypto'

/** Beyond this many subjects at once the oldest are forgotten: memory must not grow with made-up addresses. */
const REMEMBERED = 50_000

/** How often something was tried with one address, in memory: a restart forgets it. */
export class Attempts {
  readonly #limit: number
  readonly #lifeMs: number
  readonly #counts = new Map<string, { count: number, until: number }>()

  constructor(limit: number, lifeSeconds: number) {
    this.#limit = limit
    this.#lifeMs = lifeSeconds * 1000
  }

  /** Counts one more; false when there were too many. Call it before the work: what comes at once must not pass together. */
  take(subject: string): boolean {
    const now = Date.now()
    const key = keyOf(subject)
    const before = this.#counts.get(key)
    const entry = before && before.until > now ? before : { count: 0, until: now + this.#lifeMs }
    // The Map keeps the order of entry, and all live equally long: the first ones run out first.
    if (entry !== before) {
      this.#counts.delete(key)
      for (const [other, { until }] of this.#counts) {
        if (until > now && this.#counts.size < REMEMBERED) break
        this.#counts.delete(other)
      }
    }
    this.#counts.set(key, { ...entry, count: entry.count + 1 })
    return entry.count < this.#limit
  }

  forget(subject: string): void {
    this.#counts.delete(keyOf(subject))
  }
}

const keyOf = (subject: string) => createHash('sha256').update(subject.toLowerCase()).digest('base64')
