import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Limits count in windows of the clock. Waits, if need be, until the running one has `needed` seconds left, so that what a test
 * counts falls into one window.
 */
export async function roomInWindow(windowSeconds: number, needed: number): Promise<void> {
  const left = windowSeconds - (Date.now() / 1000) % windowSeconds
  if (left < needed) await sleep(left * 1000 + 200)
}
