import { setImmediate } from 'node:timers/promises'

/** For long work among requests: what it gives is called between the pieces, and lets others have their turn every `sliceMs` milliseconds. */
export function breather(sliceMs = 8): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < sliceMs) return
    await setImmediate()
    since = performance.now()
  }
}
