import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, buildWorld } from './world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('RULES D5: the clock of a demo station', () => {
  const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

  /** In a transaction that is rolled back: the clock is one for all tests of this database. */
  async function onStation(isDemo: boolean, moves: (number | null)[]) {
    const answers: { ok: boolean, code?: string }[] = []
    let hours = 0
    await world.sql.begin(async (sql) => {
      await sql`delete from private.settings where key in ('demo', 'clock_offset')`
      if (isDemo) await sql`insert into private.settings (key, value) values ('demo', 'true')`
      for (const move of moves) {
        const [row] = await sql<{ answer: { ok: boolean, code?: string } }[]>`select public.move_demo_clock(${move === null ? null : later(move)}) as answer`
        if (row) answers.push(row.answer)
      }
      const [clock] = await sql<{ hours: number }[]>`select extract(epoch from private.clock() - now()) / 3600 as hours`
      hours = Number(clock?.hours)
      throw new Error('roll back')
    }).catch(() => undefined)
    return { answers, hours }
  }

  it('stands still outside a demo', async () => {
    const { answers, hours } = await onStation(false, [1])

    expect(answers).toMatchObject([{ ok: false, code: 'forbidden' }])
    expect(hours).toBe(0)
  })

  it('moves forward on a demo station, and never back', async () => {
    const { answers, hours } = await onStation(true, [48, 24, null])

    expect(answers).toMatchObject([{ ok: true }, { ok: false, code: 'invalid_input' }, { ok: false, code: 'invalid_input' }])
    expect(hours).toBeCloseTo(48, 1)
  })
})
