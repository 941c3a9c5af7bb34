import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dutyActs } from './duty-builder.ts'
import { type Filed, type Submission, aReport, answerOf, deskCall, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const { onDuty, clearRoster } = dutyActs(() => world)
const rpc = async (who: Person, name: string, args: object = {}) => answerOf((await world.as(who)).rpc(name, args))
const open = (who: Person, { reference }: Pick<Filed, 'reference'>) => rpc(who, 'open_report', { p_reference: reference, p_purpose: 'triage' })
const listed = async (who: Person, p: Submission = {}) => ((await rpc(who, 'list_reports', { p: { limit: 100, ...p } })).reports as { reference: string }[]).map(({ reference }) => reference)
const now = async (who: Person) => ((await rpc(who, 'get_duty_now')).people as { name: { en: string } }[]).map(({ name }) => name.en).sort()
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
const aTurn = (who: Person, from = 600, to = 1200) => ({ p: { staff: world.person[who].id, starts_at: inMinutes(from), ends_at: inMinutes(to) } })

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())
beforeEach(async () => {
  await clearRoster()
})

describe('the duty roster', () => {
  it('is planned by lead and chief, for officers, leads and chiefs of their own station', async () => {
    expect(await rpc('lead_zhao', 'add_duty_shift', aTurn('officer_wang'))).toMatchObject({ ok: true, shift: { staff_id: world.person.officer_wang.id } })
    expect(await rpc('chief_sun', 'add_duty_shift', aTurn('lead_zhao'))).toMatchObject({ ok: true })
    for (const who of ['officer_wang', 'auditor_wu', 'admin_zheng', 'amina_resident'] as const) expect(await rpc(who, 'add_duty_shift', aTurn('officer_li')), who).toMatchObject({ ok: false, code: 'forbidden' })
    for (const who of ['auditor_wu', 'admin_zheng', 'chief_far', 'amina_resident'] as const) expect(await rpc('chief_sun', 'add_duty_shift', aTurn(who)), who).toMatchObject({ ok: false, code: 'assignee_not_allowed' })
  })

  it('puts nobody on duty twice at a time, and lets two people be on duty together', async () => {
    expect(await rpc('lead_zhao', 'add_duty_shift', aTurn('officer_wang'))).toMatchObject({ ok: true })
    expect(await rpc('lead_zhao', 'add_duty_shift', aTurn('officer_wang', 1100, 1300))).toMatchObject({ ok: false, code: 'already_on_duty' })
    expect(await rpc('lead_zhao', 'add_duty_shift', aTurn('officer_wang', 1200, 1300)), 'one right after the other').toMatchObject({ ok: true })
    expect(await rpc('lead_zhao', 'add_duty_shift', aTurn('officer_li'))).toMatchObject({ ok: true })
    await expect(world.sql`insert into public.duty_shifts (station_id, staff_id, starts_at, ends_at, set_by) select station_id, staff_id, starts_at, ends_at, set_by from public.duty_shifts limit 1`, 'whoever writes').rejects.toThrow('one_at_a_time')
  })

  it.each([['ends before it begins', 1200, 600], ['is longer than a day', 600, 600 + 1441], ['is over', -600, -60]])('refuses a turn that %s', async (_why, from, to) => {
    expect(await rpc('lead_zhao', 'add_duty_shift', aTurn('officer_wang', from, to))).toMatchObject({ ok: false, code: 'invalid_input' })
  })

  it('a turn to come goes, one that runs ends now, one that is over stays; nobody touches another station\'s', async () => {
    const [over, runs, ahead] = [await onDuty('officer_wang', { from: -200, to: -100 }), await onDuty('officer_wang'), await onDuty('officer_wang', { from: 600, to: 700 })]

    expect(await rpc('officer_wang', 'remove_duty_shift', { p_id: ahead })).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await rpc('chief_far', 'remove_duty_shift', { p_id: ahead })).toMatchObject({ ok: false, code: 'not_found' })
    expect(await rpc('lead_zhao', 'remove_duty_shift', { p_id: over })).toMatchObject({ ok: false, code: 'conflict' })
    expect(await rpc('lead_zhao', 'remove_duty_shift', { p_id: runs })).toMatchObject({ ok: true })
    expect(await rpc('lead_zhao', 'remove_duty_shift', { p_id: ahead })).toMatchObject({ ok: true })

    expect(await world.sql`select id, ends_at <= now() as over from public.duty_shifts where station_id = ${world.station.home} order by starts_at`).toEqual([{ id: over, over: true }, { id: runs, over: true }])
    expect(await now('lead_zhao')).toEqual([])
  })

  it('repeats a week by the clock on the wall, leaves what is there, and adds nothing the second time', async () => {
    const monday = new Date(Date.now() + 14 * 86_400_000)
    monday.setUTCDate(monday.getUTCDate() - (monday.getUTCDay() + 6) % 7)
    const day = monday.toISOString().slice(0, 10)
    const night = { p: { staff: world.person.officer_wang.id, starts_at: `${day}T20:00:00+08:00`, ends_at: new Date(Date.parse(`${day}T08:00:00+08:00`) + 86_400_000).toISOString() } }
    expect(await rpc('lead_zhao', 'add_duty_shift', night)).toMatchObject({ ok: true })

    expect(await rpc('officer_wang', 'repeat_duty_week', { p: { week: day, times: 2 } })).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await rpc('lead_zhao', 'repeat_duty_week', { p: { week: new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10), times: 2 } }), 'not a Monday').toMatchObject({ ok: false, code: 'invalid_input' })
    expect(await rpc('lead_zhao', 'repeat_duty_week', { p: { week: day, times: 2 } })).toMatchObject({ ok: true, added: 2, skipped: 0 })
    expect(await rpc('lead_zhao', 'repeat_duty_week', { p: { week: day, times: 2 } })).toMatchObject({ ok: true, added: 0, skipped: 2 })

    const rows = await world.sql<{ starts: string }[]>`select to_char(starts_at at time zone 'Asia/Shanghai', 'Dy HH24:MI') as starts from public.duty_shifts where station_id = ${world.station.home}`
    expect(rows.map(({ starts }) => starts)).toEqual(['Mon 20:00', 'Mon 20:00', 'Mon 20:00'])
  })
})

describe('handing over', () => {
  it('a turn of 24 hours is repeated over the night in which the clocks go back', async () => {
    await world.sql`update public.stations set time_zone = 'Europe/Berlin' where id = ${world.station.home}`
    try {
      const [back] = await world.sql<{ week: string, starts: Date }[]>`
        select (d - 13)::date::text as week, (d - 8 + time '12:00') at time zone 'Europe/Berlin' as starts
        from generate_series(current_date + 21, current_date + 400, interval '1 day') g (day), lateral (select day::date as d) x
        where extract(isodow from d) = 7 and extract(month from d) = 10 and d + 7 > make_date(extract(year from d)::integer, 10, 31) order by d limit 1`
      // The turn from Saturday noon, a week before the night of the change.
      const starts = back!.starts
      await world.sql`insert into public.duty_shifts (station_id, staff_id, starts_at, ends_at, set_by) values (${world.station.home}, ${world.person.officer_wang.id}, ${starts}, ${new Date(starts.getTime() + 86_400_000)}, ${world.person.chief_sun.id})`
      expect(await rpc('lead_zhao', 'repeat_duty_week', { p: { week: back!.week, times: 1 } })).toMatchObject({ ok: true, added: 1 })
    }
    finally {
      await world.sql`update public.stations set time_zone = 'Asia/Shanghai' where id = ${world.station.home}`
    }
  })

  it('one tap takes one\'s own turn over, from half an hour before it; a second tap changes nothing', async () => {
    const [soon, later] = [await onDuty('officer_li', { from: 20, to: 100 }), await onDuty('officer_wang', { from: 45, to: 200 })]

    expect(await rpc('officer_wang', 'take_over_duty', { p_id: later })).toMatchObject({ ok: false, code: 'not_your_turn' })
    expect(await rpc('officer_wang', 'take_over_duty', { p_id: soon }), 'somebody else\'s').toMatchObject({ ok: false, code: 'not_found' })
    const first = await rpc('officer_li', 'take_over_duty', { p_id: soon })
    expect(first).toMatchObject({ ok: true, shift: { taken_over_at: expect.any(String) } })
    expect(await rpc('officer_li', 'take_over_duty', { p_id: soon })).toEqual(first)
    expect(await now('chief_sun'), 'on duty from the tap on').toEqual(['officer_li'])
  })

  it('until the next one has taken over, for an hour at the most, the one before is on duty as well', async () => {
    await onDuty('officer_wang', { from: -600, to: -30 })
    const next = await onDuty('officer_li', { from: -30, to: 600 })
    expect(await now('lead_zhao')).toEqual(['officer_li', 'officer_wang'])

    await rpc('officer_li', 'take_over_duty', { p_id: next })
    expect(await now('lead_zhao')).toEqual(['officer_li'])

    await clearRoster()
    await onDuty('officer_wang', { from: -600, to: -61 })
    await onDuty('officer_li', { from: -61, to: 600 })
    expect(await now('lead_zhao'), 'the hour is over').toEqual(['officer_li'])

    await clearRoster()
    await onDuty('officer_wang', { from: -600, to: -30 })
    expect(await now('lead_zhao'), 'with nobody to follow, duty ends when the roster says so').toEqual([])
  })

  it('the note is the one going off\'s own, is read by those who handle reports, and stands before the one coming on', async () => {
    const going = await onDuty('officer_wang', { from: -600, to: 10 })
    const coming = await onDuty('officer_li', { from: 10, to: 600 })
    const note = (who: Person, shift: string) => deskCall(world, who, 'note_duty', { shift, note_sealed: sealed('keys are in the drawer') })

    expect(await note('officer_li', going)).toMatchObject({ ok: false, code: 'not_found' })
    expect(await note('officer_li', coming), 'not begun').toMatchObject({ ok: false, code: 'not_found' })
    expect(await note('officer_wang', going)).toMatchObject({ ok: true })

    expect(await rpc('officer_li', 'get_duty_now')).toMatchObject({ mine: { id: coming }, handed_over: { id: going, note_sealed: sealed('keys are in the drawer') } })
    const week = { p: { from: inMinutes(-1000), to: inMinutes(1000) } }
    expect(((await rpc('lead_zhao', 'list_duty', week)).shifts as Record<string, unknown>[])[0]).toMatchObject({ note_sealed: sealed('keys are in the drawer') })
    for (const who of ['auditor_wu', 'admin_zheng'] as const) {
      const { shifts } = await rpc(who, 'list_duty', week)
      expect((shifts as object[]).length).toBe(2)
      expect(JSON.stringify(shifts), who).not.toContain('note_sealed')
    }
    expect(await rpc('amina_resident', 'list_duty', week)).toMatchObject({ ok: false, code: 'forbidden' })
  })
})

describe('the term of the roster', () => {
  it('takes turns with their notes a year after they ended, and says beforehand how many', async () => {
    const [old, young] = [await onDuty('officer_wang', { from: -366 * 1440 - 60, to: -366 * 1440 }), await onDuty('officer_wang', { from: -364 * 1440 - 60, to: -364 * 1440 })]
    const mine = () => world.sql`select id from public.duty_shifts where id in (${old}, ${young})`

    expect(await answerOf(world.server.rpc('purge_duty', { p: { limit: 100, is_dry: true } }))).toMatchObject({ ok: true, removed: 1 })
    expect(await mine()).toHaveLength(2)
    expect(await answerOf(world.server.rpc('purge_duty', { p: { limit: 100 } }))).toMatchObject({ ok: true, removed: 1, has_more: false })
    expect(await mine()).toEqual([{ id: young }])
  })
})

describe('RULES A6: the triage queue', () => {
  it('is the lead\'s, the chief\'s and the officer\'s who is on duty, as long as they are', async () => {
    const [placeless, elsewhere, police] = [await aReport(world, { community: null, grid: null }), await aReport(world), await aReport(world, { category: 'test_police', community: null, grid: null })]
    expect(await open('officer_li', placeless)).toMatchObject({ ok: false, code: 'not_found' })
    expect(await listed('officer_li', { view: 'triage' })).toEqual([])
    expect(await rpc('officer_li', 'get_duty_now')).toMatchObject({ is_me: false, triage: null })

    const shift = await onDuty('officer_li')
    expect(await open('officer_li', placeless)).toMatchObject({ ok: true, can_change: true })
    for (const who of ['officer_li', 'lead_zhao', 'chief_qian'] as const) {
      expect(await listed(who, { view: 'triage' }), who).toContain(placeless.reference)
      expect(await listed(who, { view: 'triage' }), who).not.toContain(elsewhere.reference)
      expect((await rpc(who, 'get_duty_now')).triage, who).toBe(1)
    }
    expect(await open('officer_li', elsewhere), 'another community').toMatchObject({ ok: false, code: 'not_found' })
    expect(await open('officer_li', police), 'about the police').toMatchObject({ ok: false, code: 'not_found' })
    expect(await listed('officer_li', { view: 'triage' })).not.toContain(police.reference)

    await rpc('lead_zhao', 'remove_duty_shift', { p_id: shift })
    expect(await open('officer_li', placeless)).toMatchObject({ ok: false, code: 'not_found' })
  })

  it('whoever is on duty hands it out, and nothing else', async () => {
    await onDuty('officer_li')
    const [placeless, own] = [await aReport(world, { community: null, grid: null }), await aReport(world, { community: world.community.changLe, grid: world.grid.changLe })]
    const assign = (who: Person, { reference }: Filed, to: Person) => rpc(who, 'assign_report', { p_reference: reference, p_staff: world.person[to].id })

    expect(await assign('officer_li', own, 'officer_wang')).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await assign('officer_li', placeless, 'officer_wang')).toMatchObject({ ok: true })
    expect(await open('officer_wang', placeless)).toMatchObject({ ok: true })
  })

  it('what they were called for can be opened: urgent and fresh, in any community', async () => {
    const report = await aReport(world, { category: 'test_violence' })
    expect(await open('officer_li', report)).toMatchObject({ ok: false, code: 'not_found' })

    await onDuty('officer_li')
    expect(await open('officer_li', report)).toMatchObject({ ok: true })
    await world.sql`update public.reports set status = 'triaged', accepted_at = now(), received_at = now() - interval '25 hours' where id = ${report.id}`
    expect(await open('officer_li', report), 'a day later others have it').toMatchObject({ ok: false, code: 'not_found' })
  })

  it('is counted beside the inbox as it stands there', async () => {
    const unseen = async () => Number((await rpc('officer_li', 'count_desk_work')).unseen)
    const before = await unseen()
    await aReport(world, { community: null, grid: null })
    expect(await unseen()).toBe(before)

    await onDuty('officer_li')
    expect(await unseen()).toBe((await listed('officer_li', { status: ['received'] })).length)
  })

  it('nobody who is leaving at that moment is given a report, or put on duty', async () => {
    const report = await aReport(world)
    const leaving = async (act: () => Promise<unknown>) => {
      let pending: Promise<unknown> | undefined
      await world.sql.begin(async (sql) => {
        await sql`update public.staff set is_active = false where user_id = ${world.person.officer_li.id}`
        pending = act()
        await new Promise(resolve => setTimeout(resolve, 300))
      })
      const answer = await pending
      await world.sql`update public.staff set is_active = true where user_id = ${world.person.officer_li.id}`
      return answer
    }
    expect(await leaving(() => rpc('lead_zhao', 'assign_report', { p_reference: report.reference, p_staff: world.person.officer_li.id }))).toMatchObject({ ok: false, code: 'assignee_not_allowed' })
    expect(await leaving(() => rpc('lead_zhao', 'add_duty_shift', aTurn('officer_li')))).toMatchObject({ ok: false, code: 'assignee_not_allowed' })
  })

  it('the list of whoever is on duty is what the one rule says, row by row', async () => {
    await onDuty('officer_li')
    const rows = await world.sql<{ reference: string }[]>`select r.reference from public.reports r join public.staff s on s.user_id = ${world.person.officer_li.id}
      where r.station_id = ${world.station.home} and private.may_see(r, s) and not r.is_hidden order by r.received_at desc, r.id desc`

    expect(rows.length).toBeGreaterThan(2)
    expect(await listed('officer_li')).toEqual(rows.map(({ reference }) => reference))
  })
})
