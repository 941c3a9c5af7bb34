import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inHours, patrolActs } from './patrols-builder.ts'
import { answerOf } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
const { call, own, enrolled, aShift, signUp, moveTo, advance, mailsOf, clear } = patrolActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
})
beforeEach(() => clear())
afterAll(() => world?.close())

describe('planning', () => {
  const form = (changes: Record<string, unknown> = {}) => ({ community: world.community.pingAn, type: 'on_foot', starts_at: inHours(48), ends_at: inHours(50), needed: 2, maximum: 4, ...changes })

  it('is the lead\'s and the chief\'s', async () => {
    for (const who of ['officer_wang', 'auditor_wu', 'admin_zheng', 'amina_resident'] as const) expect(await call(who, 'save_patrol_shift', form())).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('chief_far', 'save_patrol_shift', form())).toEqual({ ok: false, code: 'invalid_input' })
    expect(await call('lead_zhao', 'save_patrol_shift', form())).toMatchObject({ ok: true, shift: { needed: 2, sequence: 0, state: 'open' } })
  })

  it.each([{ needed: 1 }, { maximum: 1 }, { starts_at: inHours(2) }, { ends_at: inHours(47) }, { ends_at: inHours(61) }, { type: 'parade' }, { skill: 'flying' }])('never plans %o', async (changes) => {
    expect(await call('lead_zhao', 'save_patrol_shift', form(changes))).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('a new time raises the sequence and is told; an old sequence is a conflict; nobody is put into two places', async () => {
    await enrolled('amina_resident')
    const { shift } = await call('lead_zhao', 'save_patrol_shift', form()) as unknown as { shift: { id: string } }
    await world.sql`update public.patrol_shifts set first_claims_until = now() where id = ${shift.id}`
    await own('amina_resident', 'sign_up', { shift: shift.id })
    await own('amina_resident', 'sign_up', { shift: await aShift({ startsIn: 72 }) })

    expect(await call('lead_zhao', 'save_patrol_shift', form({ id: shift.id, sequence: 0, starts_at: inHours(73), ends_at: inHours(75) }))).toEqual({ ok: false, code: 'shift_overlap' })
    expect(await call('lead_zhao', 'save_patrol_shift', form({ id: shift.id, sequence: 0, starts_at: inHours(49), ends_at: inHours(51) }))).toMatchObject({ ok: true, shift: { sequence: 1 } })
    expect(await call('lead_zhao', 'save_patrol_shift', form({ id: shift.id, sequence: 0 }))).toEqual({ ok: false, code: 'conflict' })
    expect(await mailsOf(shift.id)).toEqual(['patrols.changed amina_resident'])
  })

  it('two missed shifts lock signing up until a lead unlocks it', async () => {
    const id = await enrolled('bo_resident')
    for (const [count, startsIn] of [[1, 30], [2, 40]] as const) {
      const shift = await aShift({ startsIn })
      await own('bo_resident', 'sign_up', { shift })
      const [place] = await world.sql<{ id: string }[]>`select id from public.shift_places where shift_id = ${shift} and volunteer_id = ${id}`
      expect(await call('officer_wang', 'mark_no_show', { place: place!.id })).toEqual({ ok: false, code: 'status_order' })
      await moveTo(shift, -3 * count)
      expect(await call('officer_wang', 'mark_no_show', { place: place!.id })).toEqual({ ok: true, missed: count, locked: count === 2 })
    }
    const later = await aShift({ startsIn: 90 })

    expect(await own('bo_resident', 'sign_up', { shift: later })).toEqual({ ok: false, code: 'sign_up_locked' })
    expect(await call('lead_zhao', 'decide_volunteer', { id, act: 'unlock' })).toEqual({ ok: false, code: 'reason_missing' })
    expect(await call('lead_zhao', 'decide_volunteer', { id, act: 'unlock', note: '家中有急事' })).toMatchObject({ volunteer: { locked_at: null, missed: 0 } })
    expect(await own('bo_resident', 'sign_up', { shift: later })).toMatchObject({ ok: true })
  })

  it('a series writes 28 days ahead, once, without its exceptions, by the clock on the wall', async () => {
    const days = await world.sql<{ today: string, skipped: string, last: string }[]>`select private.day_at(${world.station.home}, now())::text as today, (private.day_at(${world.station.home}, now()) + 7)::text as skipped, (private.day_at(${world.station.home}, now()) + 60)::text as last`
    const { today, skipped, last } = days[0]!

    const made = await call('lead_zhao', 'save_shift_series', { community: world.community.pingAn, type: 'on_foot', weekdays: [1, 2, 3, 4, 5, 6, 7], starts_at_local: '19:30', duration_minutes: 120, from_on: today, until_on: last, exceptions: [skipped], needed: 2, maximum: 4 })

    expect(made).toMatchObject({ ok: true })
    expect(Number(made.added)).toBeGreaterThanOrEqual(26)
    expect(Number(made.added)).toBeLessThanOrEqual(28)
    expect(await world.sql`select distinct to_char(lower(period) at time zone 'Asia/Shanghai', 'HH24:MI') as at from public.patrol_shifts where series_id = ${made.id as string}`).toMatchObject([{ at: '19:30' }])
    expect(await world.sql`select from public.patrol_shifts where series_id = ${made.id as string} and series_date = ${skipped}`).toHaveLength(0)
    expect((await advance()).written).toBe(0)
    expect(await call('lead_zhao', 'end_shift_series', { id: made.id, reason: '改为隔周' })).toMatchObject({ ok: true, cancelled: made.added })
  })

  it('a route has checkpoints in grids of its own community', async () => {
    const point = { grid: world.grid.pingAn, name: { zh: '东门', en: 'East gate' } }
    const made = await call('lead_zhao', 'save_patrol_route', { community: world.community.pingAn, name: { zh: '东线', en: 'East' }, checkpoints: [point, point] })

    expect(made).toMatchObject({ ok: true })
    expect(JSON.stringify(await call('lead_zhao', 'list_desk_patrols', { from: inHours(0), to: inHours(24) }))).toContain('East gate')
    expect(await call('lead_zhao', 'save_patrol_route', { community: world.community.pingAn, name: { zh: '东线', en: 'East' }, checkpoints: [{ ...point, grid: world.grid.changLe }] })).toEqual({ ok: false, code: 'invalid_input' })
  })
})

describe('who reads what', () => {
  it('volunteers see shifts with counts and why they cannot sign up, never who else comes', async () => {
    const [amina, other] = [await enrolled('amina_resident'), await enrolled()]
    const [open, elsewhere] = [await aShift(), await aShift({ startsIn: 49 })]
    await signUp(other, open)
    await own('amina_resident', 'sign_up', { shift: open })

    const page = await answerOf((await world.as('amina_resident')).rpc('get_own_patrols'))

    expect(page.shifts).toMatchObject([{ id: open, confirmed: 2, mine: { state: 'confirmed' } }, { id: elsewhere, mine: null, gap: 'shift_overlap' }])
    expect(JSON.stringify(page)).not.toContain(other)
    expect(JSON.stringify(page)).toContain(amina)
  })

  it('the public reads days and communities only (RULES I1)', async () => {
    const answer = await answerOf(world.guest.rpc('list_public_patrols'))

    for (const patrol of answer.patrols as Record<string, unknown>[]) expect(Object.keys(patrol).sort()).toEqual(['community', 'day'])
  })

  it('an officer sees the shifts of their communities, another station\'s chief none', async () => {
    const shift = await aShift()
    const idsFor = async (who: 'officer_wang' | 'officer_li' | 'chief_far') => ((await call(who, 'list_desk_patrols', { from: inHours(0), to: inHours(72) })).shifts as { id: string }[]).map(({ id }) => id)

    expect([await idsFor('officer_wang'), await idsFor('officer_li'), await idsFor('chief_far')]).toEqual([[shift], [], []])
  })
})
