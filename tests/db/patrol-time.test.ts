import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { countTime, defaultNight, type NightRule } from '#shared/patrols/hours'
import { type TestBackend, connectTestBackend } from '../../supabase/embedded/test-backend.ts'

let backend: TestBackend
beforeAll(() => {
  backend = connectTestBackend(inject('backend'))
})
afterAll(() => backend?.stop())

interface Case { from: string, to: string, zone: string, night: NightRule }
/** What the database counts, one row a case. */
async function counted(cases: readonly Case[]) {
  return backend.sql<{ minutes: number, nightMinutes: number, creditMinutes: number }[]>`
    select t.minutes, t.night_minutes as "nightMinutes", t.credit_minutes as "creditMinutes"
    from jsonb_array_elements(${backend.sql.json(cases.map(one => ({ ...one, night: { ...one.night } })))}) with ordinality as c (facts, place)
    cross join lateral private.count_patrol_time((c.facts ->> 'from')::timestamptz, (c.facts ->> 'to')::timestamptz, c.facts ->> 'zone', c.facts -> 'night') t order by c.place`
}
const here = ({ from, to, zone, night }: Case) => countTime({ from, to }, zone, night)

describe('time on patrol in the database', () => {
  it('is counted by hand: into the night, out of it, over the change of clocks', async () => {
    const shanghai = { zone: 'Asia/Shanghai', night: defaultNight }
    const rows = await counted([
      { ...shanghai, from: '2026-12-04T21:00:00+08:00', to: '2026-12-04T23:30:00+08:00' },
      { ...shanghai, from: '2026-12-05T05:30:40+08:00', to: '2026-12-05T06:30:10+08:00' },
      { zone: 'Europe/Berlin', night: defaultNight, from: '2027-03-27T22:00:00+01:00', to: '2027-03-28T06:00:00+02:00' },
      { ...shanghai, from: '2026-12-04T22:00:00+08:00', to: '2026-12-04T22:00:50+08:00' },
    ])

    expect(rows.map(({ minutes, nightMinutes, creditMinutes }) => [minutes, nightMinutes, creditMinutes])).toEqual([[150, 90, 195], [60, 30, 75], [420, 420, 630], [0, 0, 0]])
  })

  it('is the same as in the portal, whatever the period, the zone and the night', async () => {
    const hour = fc.integer({ min: 0, max: 1439 }).map(minute => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`)
    const aCase: fc.Arbitrary<Case> = fc.record({
      start: fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2028-01-01T00:00:00Z') }), seconds: fc.integer({ min: 0, max: 14 * 3600 }),
      zone: fc.constantFrom('Asia/Shanghai', 'Asia/Kathmandu', 'Europe/Berlin', 'America/St_Johns'), night: fc.record({ from: hour, to: hour, creditPercent: fc.integer({ min: 100, max: 300 }) }),
    }).map(({ start, seconds, ...rest }) => ({ from: new Date(start).toISOString(), to: new Date(start + seconds * 1000).toISOString(), ...rest }))
    const cases = fc.sample(aCase, 300)

    expect((await counted(cases)).map((row, index) => ({ ...cases[index], ...row }))).toEqual(cases.map(one => ({ ...one, ...here(one) })))
  })
})
