import { wakingRest } from '#server/outbox/waking-rest'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

describe('the rest of a loop', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })
  const begun = (rest: Promise<void>) => {
    const seen = { isOver: false }
    void rest.then(() => { seen.isOver = true })
    return seen
  }

  it('lasts as long as was said when nobody calls', async () => {
    const seen = begun(wakingRest().rest(500))

    await vi.advanceTimersByTimeAsync(499)
    expect(seen.isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(seen.isOver).toBe(true)
  })

  it('ends with a call, and does not begin when somebody called after the last look', async () => {
    const between = wakingRest()
    const first = begun(between.rest(500))
    between.wake()
    await vi.advanceTimersByTimeAsync(0)
    const second = begun(between.rest(500))
    await vi.advanceTimersByTimeAsync(0)
    expect([first.isOver, second.isOver, between.isWoken]).toEqual([true, true, true])

    between.look()
    const third = begun(between.rest(500))
    await vi.advanceTimersByTimeAsync(499)
    expect([third.isOver, between.isWoken]).toEqual([false, false])
  })

  it('that is deaf lasts whoever calls, and the call is kept for the next', async () => {
    const between = wakingRest()
    between.wake()
    const deaf = begun(between.rest(500, { isDeaf: true }))
    between.wake()
    await vi.advanceTimersByTimeAsync(499)
    expect(deaf.isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect([deaf.isOver, between.isWoken]).toEqual([true, true])
  })

  it.each([false, true])('ends with a stop, deaf (%s) or not, and none begins after it', async (isDeaf) => {
    const between = wakingRest()
    const seen = begun(between.rest(500, { isDeaf }))
    between.stop()
    await vi.advanceTimersByTimeAsync(0)
    const later = begun(between.rest(500, { isDeaf }))
    await vi.advanceTimersByTimeAsync(0)

    expect([seen.isOver, later.isOver, between.isStopping]).toEqual([true, true, true])
  })
})
