import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AwayError, watchReachability } from '#server/db/reachability'

/** A database that answers after some time, or not at all. */
let answersAfterMs: number | undefined
let asked = 0
const never = () => new Promise<number>(() => undefined)
const answer = (status = 200): Promise<number> => answersAfterMs === undefined ? never() : new Promise(resolve => setTimeout(resolve, answersAfterMs ?? 0, status))
const isAlive = (status: number) => status < 502
const watch = () => watchReachability(async () => {
  asked++
  if (await answer() >= 500) throw new Error('away')
})
const settled = (work: Promise<unknown>) => {
  const seen: { outcome?: unknown, atMs?: number } = {}
  const startedAt = Date.now()
  work.then((value) => { seen.outcome = value }, (error: unknown) => { seen.outcome = error }).finally(() => { seen.atMs = Date.now() - startedAt })
  return seen
}

beforeEach(() => {
  vi.useFakeTimers()
  answersAfterMs = 5
  asked = 0
})
afterEach(() => vi.useRealTimers())

it('passes answers on, asks nothing while they come quickly, and leaves no timer behind', async () => {
  const there = watch()
  const seen = settled(there.call(() => answer(201), isAlive))

  await vi.advanceTimersByTimeAsync(200)

  expect(seen.outcome).toBe(201)
  expect(asked).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})

it('answers a call to a silent database within 1.5 seconds, and the next at once', async () => {
  const there = watch()
  answersAfterMs = undefined
  const first = settled(there.call(never, isAlive))

  await vi.advanceTimersByTimeAsync(1500)
  expect(first.outcome).toBeInstanceOf(AwayError)
  expect(there.isThere).toBe(false)

  const send = vi.fn(never)
  const second = settled(there.call(send, isAlive))
  await vi.advanceTimersByTimeAsync(1)
  expect(second.outcome).toBeInstanceOf(AwayError)
  expect(send).not.toHaveBeenCalled()
})

it('notices within half a second that the database is back, without anybody calling', async () => {
  const there = watch()
  answersAfterMs = undefined
  settled(there.call(never, isAlive))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(there.isThere).toBe(false)

  answersAfterMs = 5
  await vi.advanceTimersByTimeAsync(1500)
  expect(there.isThere).toBe(true)

  await vi.advanceTimersByTimeAsync(1000)
  expect(vi.getTimerCount(), 'a watch of nothing costs nothing').toBe(0)
})

it('lets a slow call be while the database answers others', async () => {
  const there = watch()
  const slow = settled(there.call(() => new Promise<number>(resolve => setTimeout(resolve, 7000, 200)), isAlive))

  await vi.advanceTimersByTimeAsync(6000)
  expect(there.isThere).toBe(true)
  expect(asked).toBeGreaterThan(3)

  await vi.advanceTimersByTimeAsync(1500)
  expect(slow.outcome).toBe(200)
})

it('counts any answer as a sign of life, so that a full queue is not taken for an absence', async () => {
  const there = watch()
  answersAfterMs = undefined
  const waiting = settled(there.call(never, isAlive))
  for (let n = 0; n < 20; n++) {
    settled(there.call(() => new Promise<number>(resolve => setTimeout(resolve, 500, 200)), isAlive))
    await vi.advanceTimersByTimeAsync(400)
  }

  expect(there.isThere).toBe(true)
  expect(waiting.outcome).toBeUndefined()
})

it('is away after the first refused connection that a question confirms, and ends what waits meanwhile', async () => {
  const refuse = () => Promise.reject(new Error('ECONNREFUSED'))
  const there = watchReachability(refuse)
  const call = settled(there.call(refuse, isAlive))
  const refresh = settled(there.while(() => new Promise(resolve => setTimeout(resolve, 30_000))))

  await vi.advanceTimersByTimeAsync(200)

  expect(String(call.outcome)).toContain('ECONNREFUSED')
  expect(there.isThere).toBe(false)
  expect(refresh.outcome).toBeInstanceOf(AwayError)
})

it('takes one refusal alone for no absence', async () => {
  const there = watch()
  settled(there.call(() => answer(503), isAlive))

  await vi.advanceTimersByTimeAsync(500)

  expect(there.isThere).toBe(true)
  expect(asked).toBe(1)
})
