import { afterAll, beforeAll, expect, it } from 'vitest'
import { publicHolidays } from '#server/domain/revisits/public-holidays'
import { answerOf } from './reports-builder.ts'
import { type Staff, type World, buildWorld } from './world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const name = { zh: '测试', en: 'Test' }
// Every station of this database is filled, those of other tests too: years that no other test counts days in.
const fill = (p: Record<string, unknown>) => answerOf(world.server.rpc('fill_calendar', { p }))
const setDay = async (who: Staff, p: Record<string, unknown>) => answerOf((await world.as(who)).rpc('set_calendar_day', { p: { kind: 'closed', name, ...p } }))
const removeDay = async (who: Staff, day: string) => answerOf((await world.as(who)).rpc('remove_calendar_day', { p_day: day }))
const daysOf = async (year: number) => world.sql`select day::text, kind, is_own from public.calendar_days where station_id = ${world.station.home} and extract(year from day) = ${year} order by day`
const logged = async (action: string) => (await world.sql`select details, actor_role from public.audit_log where station_id = ${world.station.home} and action = ${action} order by id`)

it('is filled for every station with what is announced, twice is once, and a dry run changes nothing', async () => {
  const given = { years: [2008], days: publicHolidays(2008) }
  const foreseen = await fill({ ...given, is_dry: true })
  expect(await daysOf(2008)).toEqual([])
  const first = await fill(given)

  expect(first.changed).toBe(foreseen.changed)
  expect(await daysOf(2008)).toEqual(expect.arrayContaining([{ day: '2008-10-01', kind: 'holiday', is_own: false }, { day: '2008-09-27', kind: 'workday', is_own: false }]))
  const [far] = await world.sql`select count(*)::int as days from public.calendar_days where station_id = ${world.station.far} and extract(year from day) = 2008`
  expect(far?.days).toBe(given.days.length)
  // Other files make stations meanwhile, whose days would be new: none is made while it is filled twice.
  const again = await world.sql.begin(async (sql) => {
    await sql`lock table public.stations in share mode`
    await fill(given)
    return fill(given)
  })
  expect(again).toMatchObject({ changed: 0 })
})

it('takes away a holiday that was moved, and leaves the days of a station\'s own', async () => {
  await fill({ years: [2043], days: [{ day: '2043-10-01', kind: 'holiday', name }, { day: '2043-10-02', kind: 'holiday', name }] })
  expect(await setDay('chief_sun', { day: '2043-10-02' })).toEqual({ ok: true })
  await setDay('chief_sun', { day: '2043-12-31' })
  await fill({ years: [2043], days: [{ day: '2043-10-03', kind: 'holiday', name }, { day: '2043-10-02', kind: 'holiday', name }] })

  expect(await daysOf(2043)).toEqual([{ day: '2043-10-02', kind: 'closed', is_own: true }, { day: '2043-10-03', kind: 'holiday', is_own: false }, { day: '2043-12-31', kind: 'closed', is_own: true }])
})

it('is changed by the chief alone, for days to come, and each change is in the log', async () => {
  const before = (await logged('calendar.day_set')).length
  for (const who of ['officer_wang', 'lead_zhao', 'auditor_wu', 'admin_zheng'] as const) expect(await setDay(who, { day: '2044-05-04' }), who).toMatchObject({ ok: false, code: 'forbidden' })
  expect(await setDay('chief_sun', { day: '2020-05-04' }), 'what was late then is late still').toMatchObject({ ok: false, code: 'forbidden' })
  expect(await setDay('chief_sun', { day: '2044-05-04' })).toEqual({ ok: true })
  expect(await removeDay('lead_zhao', '2044-05-04')).toMatchObject({ ok: false, code: 'forbidden' })
  expect(await removeDay('chief_qian', '2044-05-04')).toEqual({ ok: true })
  expect(await removeDay('chief_qian', '2044-05-04')).toMatchObject({ ok: false, code: 'not_found' })

  expect((await logged('calendar.day_set')).slice(before)).toMatchObject([{ details: { day: '2044-05-04', day_kind: 'closed' }, actor_role: 'chief' }])
  expect(await logged('calendar.day_removed')).toMatchObject([{ details: { day: '2044-05-04' } }])
})

it('counts days as the chief says, and everybody on the staff can read it', async () => {
  const read = async (who: Staff) => answerOf((await world.as(who)).rpc('get_calendar'))
  expect(await answerOf((await world.as('lead_zhao')).rpc('set_day_counting', { p_counting: 'working' }))).toMatchObject({ ok: false, code: 'forbidden' })
  for (let times = 0; times < 2; times++) await answerOf((await world.as('chief_sun')).rpc('set_day_counting', { p_counting: 'working' }))

  expect(await logged('calendar.counting_set'), 'said twice, changed once').toMatchObject([{ details: { counting: 'working' } }])
  expect(await read('officer_wang')).toMatchObject({ counting: 'working', may_change: false })
  expect(await read('admin_zheng')).toMatchObject({ counting: 'working', may_change: false })
  expect(await read('chief_sun')).toMatchObject({ counting: 'working', may_change: true })
  expect(await read('chief_far')).toMatchObject({ counting: 'calendar' })
})

it.each([['a number', { zh: 1, en: {} }], ['one language', { zh: '测试' }], ['nothing', null]])('a day of a station\'s own has a name in both languages: %s is refused', async (_, odd) => {
  const { error } = await (await world.as('chief_sun')).rpc('set_calendar_day', { p: { kind: 'closed', day: '2044-05-05', name: odd } })

  expect(error?.code).toMatch(/^235/)
})
