import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClients } from '#server/db/clients'
import { planWeek } from '#server/domain/patrols/plan-week'
import type { Services } from '#server/domain/services'
import type { PatrolPlan } from '#shared/patrols/plan-schema'
import { demoPassword } from '../../supabase/demo/people.ts'
import { seedDemo } from '../../supabase/demo/seed.ts'
import { markDemo } from '../../supabase/embedded/demo.ts'
import { type TestBackend, startTestBackend } from '../../supabase/embedded/test-backend.ts'

interface Row { grid: string, day: string, hour: number, is_noon: boolean, days_ago: number }

let backend: TestBackend
let blobFolder: string
let plan: PatrolPlan
let rows: Row[]
let gridCount = 0

beforeAll(async () => {
  backend = await startTestBackend()
  blobFolder = mkdtempSync(join(tmpdir(), 'linli-planner-'))
  await markDemo(backend.sql, true)
  await seedDemo({ sql: backend.sql, masterKeys: `k1:${randomBytes(32).toString('base64')}`, blobFolder })
  const client = await backend.signInAs({ id: '', email: 'lead@demo.linli', password: demoPassword })
  const { data } = await client.auth.getSession()
  const session = data.session
  if (!session) throw new Error('the lead did not get in')
  plan = await planWeek({ clients: createClients(backend) } as Services, { accessToken: session.access_token, userId: session.user.id, sessionId: '', email: 'lead@demo.linli' })
  // As they lie there: what the public may know of, accepted, no double, nothing that came to nothing.
  rows = await backend.sql<Row[]>`
    select g.code as grid, (r.occurred_at + interval '8 hours')::timestamp::date::text as day, extract(hour from (r.occurred_at at time zone 'Asia/Shanghai'))::integer as hour,
      (r.occurred_at at time zone 'Asia/Shanghai')::time = '12:00' as is_noon, (private.clock() at time zone 'Asia/Shanghai')::date - (r.occurred_at at time zone 'Asia/Shanghai')::date as days_ago
    from public.reports r join public.grids g on g.id = r.grid_id join public.categories c on c.code = r.category_code
    where c.visibility = 'public' and r.visibility = 'public' and r.accepted_at is not null and r.merged_into is null and not r.is_hidden and r.channel <> 'patrol' and r.occurred_at is not null
      and (r.closed_reason is null or r.closed_reason in ('no_further_action', 'referred'))`
  rows = rows.filter(({ days_ago: ago, is_noon: isNoon }) => ago >= 1 && ago <= 28 && !isNoon)
  const [grids] = await backend.sql<{ count: number }[]>`select count(*)::integer as count from public.grids where is_active`
  gridCount = grids?.count ?? 0
})
afterAll(async () => {
  await backend.stop()
  rmSync(blobFolder, { recursive: true, force: true })
})

/** By hand: each grid, weekday and two hours with three reports or more in two weeks or more. */
function patternsByHand() {
  const cells = new Map<string, number[]>()
  for (const { grid, day, hour, days_ago: ago } of rows) {
    const name = [grid, new Date(day).getUTCDay() || 7, hour - hour % 2].join(' ')
    const weeks = cells.get(name) ?? [0, 0, 0, 0]
    const week = Math.floor((ago - 1) / 7)
    weeks[week] = (weeks[week] ?? 0) + 1
    cells.set(name, weeks)
  }
  const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0)
  return [...cells].filter(([, weeks]) => sum(weeks) >= 3 && weeks.filter(count => count > 0).length >= 2).map(([name, weeks]) => {
    const [newest = 0, second = 0, third = 0, oldest = 0] = weeks
    // Half after two weeks: 1, 0.707, 0.5, 0.354.
    const rate = (newest + second * Math.SQRT1_2 + third / 2 + oldest * Math.SQRT1_2 / 2) / (1.5 + Math.SQRT1_2 * 1.5)
    return { name, byWeek: weeks, rate, times: sum(weeks) / (rows.length / (gridCount * 84)) }
  })
}

describe('what the planner makes of the demo', () => {
  it('is what its rows say, counted by hand', async () => {
    const codes = new Map((await backend.sql<{ id: string, code: string }[]>`select id, code from public.grids`).map(({ id, code }) => [id, code]))

    const expected = patternsByHand()

    expect(plan.proposals.map(({ gridId, weekday, from }) => `${codes.get(gridId)} ${weekday} ${Number(from.slice(0, 2))}`).sort()).toEqual(expected.map(({ name }) => name).sort())
    expect(expected.length).toBeGreaterThanOrEqual(2)
    for (const { name, byWeek, rate, times } of expected) {
      const proposal = plan.proposals.find(({ gridId, weekday, from }) => `${codes.get(gridId)} ${weekday} ${Number(from.slice(0, 2))}` === name)
      expect(proposal?.byWeek, name).toEqual(byWeek)
      expect(proposal?.rate, name).toBeCloseTo(rate, 9)
      expect(proposal?.timesMean, name).toBeCloseTo(times, 9)
    }
  })

  it('says of Friday evening by the school that two have time, and of Tuesday evening that nobody has', () => {
    const byDay = (weekday: number) => plan.proposals.find(proposal => proposal.weekday === weekday && proposal.strength === 'clear')

    expect(byDay(5)).toMatchObject({ from: '18:00', to: '20:00', count: 7, weeksSeen: 4, available: 2, state: 'open' })
    expect(byDay(2)).toMatchObject({ from: '20:00', to: '22:00', count: 3, weeksSeen: 3, available: 0, state: 'unstaffed' })
    expect(plan.proposals.filter(({ weekday }) => weekday === 6), 'one bad evening').toEqual([])
  })

  it('plans the coming week, from its Monday, in the hours of the station', () => {
    expect(new Date(plan.monday).getUTCDay()).toBe(1)
    expect(Date.parse(plan.monday)).toBeGreaterThan(Date.parse(plan.until))
    for (const { startsAt, endsAt } of plan.proposals) {
      expect(Date.parse(startsAt)).toBeGreaterThanOrEqual(Date.parse(`${plan.monday}T00:00:00+08:00`))
      expect(Date.parse(endsAt) - Date.parse(startsAt)).toBe(2 * 3_600_000)
    }
  })
})
