import { randomBytes } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHash, aReport, answerOf } from './reports-builder.ts'
import { type World, buildWorld, openDesk, sessionOf, signInStaff } from './world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const refused = (code: string) => ({ ok: false, code })
const sealed = () => `v1.test.${randomBytes(12).toString('base64url')}.${randomBytes(40).toString('base64url')}`
const hashes = () => Array.from({ length: 10 }, () => aHash())

type Member = { id: string, email: string, password: string }
interface Signed { member: Member, client: SupabaseClient, by: { actor: string, session: string } }

async function aColleague(role: 'officer' | 'chief' | 'admin' = 'officer', station = world.station.home): Promise<Member> {
  const member = await world.backend.createUser(`${role}_with_factor`)
  await world.sql`insert into public.staff (user_id, station_id, role, name, badge_number) values (${member.id}, ${station}, ${role}, '{"zh": "x", "en": "x"}', ${member.id})`
  return member
}
async function signedIn(member: Member): Promise<Signed> {
  const client = await world.backend.signInAs(member)
  return { member, client, by: { actor: member.id, session: await sessionOf(client) } }
}
const server = (name: string, p: object) => answerOf(world.server.rpc(name, { p }))
const stateOf = async ({ client }: Signed) => (await answerOf(client.rpc('touch_staff_session', { p_is_active: false }))).state
/** Enrols by the functions that the portal calls. */
async function enrol(signed: Signed, recovery = hashes()) {
  const secret_sealed = sealed()
  await server('begin_factor', { ...signed.by, secret_sealed })
  expect(await server('confirm_factor', { ...signed.by, limits: [], secret_sealed, step: 100, recovery_hashes: recovery })).toMatchObject({ ok: true, state: 'open', codes_left: 10 })
  return recovery
}
const show = (signed: Signed, code: object, more: object = { is_known: true }) => server('settle_second_factor', { ...signed.by, limits: [], ...more, ...code })
const actionsOn = async (id: string) => (await world.sql<{ action: string }[]>`select action from public.audit_log where noun_id = ${id} order by id`).map(({ action }) => action)

describe('RULES A5: a session of staff without its second factor', () => {
  it('reads nothing over REST and gets nothing from a function, whatever the role', async () => {
    const chief = await signedIn(await aColleague('chief'))
    const report = await aReport(world)

    expect(await stateOf(chief)).toBe('enrol')
    for (const [table, column] of [['reports', 'id'], ['staff', 'user_id'], ['audit_log', 'id'], ['report_events', 'report_id'], ['response_templates', 'id']] as const) expect((await chief.client.from(table).select(column).limit(1)).data, table).toEqual([])
    expect(await answerOf(chief.client.rpc('open_report', { p_reference: report.reference }))).toMatchObject({ ok: false })
    expect(await answerOf(chief.client.rpc('get_staff_profile'))).toEqual(refused('forbidden'))
    expect(await answerOf(world.server.rpc('begin_desk_writing', { p: { ...chief.by, reference: report.reference } }))).toMatchObject({ ok: false })
    expect(await answerOf(chief.client.rpc('list_reports', { p: {} }))).toMatchObject({ ok: false })
  })

  it('opens with the enrolment, and each later sign-in with a code', async () => {
    const member = await aColleague()
    const first = await signedIn(member)
    await enrol(first)
    expect(await answerOf(first.client.rpc('get_staff_profile'))).toMatchObject({ ok: true })
    const second = await signedIn(member)
    expect(await stateOf(second)).toBe('verify')
    expect(await answerOf(second.client.rpc('get_staff_profile'))).toEqual(refused('forbidden'))

    expect(await show(second, { step: 101 })).toMatchObject({ ok: true, state: 'open' })

    expect(await answerOf(second.client.rpc('get_staff_profile'))).toMatchObject({ ok: true })
    expect(await actionsOn(member.id)).toEqual(['staff.factor_enrolled', 'staff.signed_in'])
  })

  it('a refresh of the token, or the session of a colleague, does not stand in for it', async () => {
    const [one, other] = [await signedIn(await aColleague()), await signedIn(await aColleague())]
    await enrol(one)
    await enrol(other)
    const again = await signedIn(one.member)
    await again.client.auth.refreshSession()

    expect(await stateOf(again)).toBe('verify')
    expect(await server('settle_second_factor', { actor: one.member.id, session: other.by.session, limits: [], step: 300 }).catch((error: Error) => error.message)).toMatch(/session has ended/)
    expect(await stateOf(again)).toBe('verify')
  })
})

describe('a code', () => {
  it('works once: not again, not an older one, and of two at the same moment one', async () => {
    const signed = await signedIn(await aColleague())
    await enrol(signed)

    const both = await Promise.all([show(signed, { step: 200 }), show(signed, { step: 200 })])

    expect(both.filter(({ ok }) => ok === true)).toHaveLength(1)
    expect(await show(signed, { step: 200 })).toEqual(refused('wrong_code'))
    expect(await show(signed, { step: 199 })).toEqual(refused('wrong_code'))
    expect(await show(signed, { step: 201 })).toMatchObject({ ok: true })
  })

  it('that recovers works once too, is told by mail and logged; a stranger\'s does nothing', async () => {
    const [signed, other] = [await signedIn(await aColleague()), await signedIn(await aColleague())]
    const [code] = await enrol(signed)
    const [theirs] = await enrol(other)
    const later = await signedIn(signed.member)

    expect(await show(later, { recovery_hash: theirs })).toEqual(refused('wrong_code'))
    expect(await show(later, { recovery_hash: code })).toMatchObject({ ok: true, state: 'open', codes_left: 9 })
    expect(await show(later, { recovery_hash: code })).toEqual(refused('wrong_code'))
    expect(await actionsOn(signed.member.id)).toEqual(['staff.factor_enrolled', 'staff.code_refused', 'staff.recovery_code_used', 'staff.signed_in', 'staff.code_refused'])
    expect((await world.sql`select template from public.outbox where recipient_id = ${signed.member.id} order by id`).map(({ template }) => template as string)).toEqual(['staff.factor_enrolled', 'staff.recovery_used'])
  })

  it('is tried twenty times a day by strangers, however many addresses they have; the owner\'s device goes on', async () => {
    const signed = await signedIn(await aColleague())
    await enrol(signed)
    const ask = (is_known: boolean) => server('check_second_factor', { ...signed.by, limits: [], is_known })
    for (let attempt = 0; attempt < 20; attempt++) expect(await ask(false)).toMatchObject({ ok: true })

    expect(await ask(false)).toMatchObject({ ok: false, code: 'rate_limited', retry_after: expect.any(Number) })
    expect(await ask(true)).toMatchObject({ ok: true })
  })

  it('that was right is not counted', async () => {
    const signed = await signedIn(await aColleague())
    await enrol(signed)
    for (let attempt = 0; attempt < 25; attempt++) {
      expect(await server('check_second_factor', { ...signed.by, limits: [], is_known: false })).toMatchObject({ ok: true })
      expect(await show(signed, { step: 300 + attempt }, { is_known: false })).toMatchObject({ ok: true })
    }
  })
})

describe('the desk locks', () => {
  it('after fifteen minutes in which the person did nothing; what a page asks by itself is nothing', async () => {
    const signed = await signedIn(await aColleague())
    await enrol(signed)
    const idle = (interval: string) => world.sql`update private.staff_sessions set seen_at = now() - ${interval}::interval where session_id = ${signed.by.session}`
    await idle('14 minutes 50 seconds')
    expect(await stateOf(signed)).toBe('open')
    await answerOf(signed.client.rpc('touch_staff_session', { p_is_active: true }))
    const [seen] = await world.sql<{ fresh: boolean }[]>`select seen_at > now() - interval '5 seconds' as fresh from private.staff_sessions where session_id = ${signed.by.session}`
    expect(seen?.fresh).toBe(true)

    await idle('15 minutes 1 second')

    expect((await answerOf(signed.client.rpc('touch_staff_session', { p_is_active: true }))).state).toBe('locked')
    expect(await answerOf(signed.client.rpc('get_staff_profile'))).toEqual(refused('forbidden'))
    expect((await signed.client.from('staff').select('user_id')).data).toEqual([])
    expect(await show(signed, { step: 400 })).toMatchObject({ state: 'open' })
    expect(await answerOf(signed.client.rpc('get_staff_profile'))).toMatchObject({ ok: true })
  })

  it('by hand at once, and only this session', async () => {
    const member = await aColleague()
    const here = await signedIn(member)
    await enrol(here)
    const there = await signedIn(member)
    await show(there, { step: 500 })

    await answerOf(here.client.rpc('lock_staff_session'))

    expect([await stateOf(here), await stateOf(there)]).toEqual(['locked', 'open'])
  })

  it('ends after twelve hours for good, however busy', async () => {
    const signed = await signedIn(await aColleague())
    await enrol(signed)
    await world.sql`update auth.sessions set created_at = now() - interval '12 hours 1 second' where id = ${signed.by.session}`

    expect(await answerOf(signed.client.rpc('get_staff_profile'))).toEqual(refused('forbidden'))
    expect(await server('check_second_factor', { ...signed.by, limits: [] })).toEqual(refused('session_ended'))
    expect(await answerOf(signed.client.rpc('touch_staff_session', { p_is_active: true }))).toEqual(refused('session_ended'))
    expect((await signed.client.rpc('get_account')).status).toBe(401)
  })
})

describe('device and codes', () => {
  it('change only after a code within five minutes; then the old codes stop and the other sessions end', async () => {
    const member = await aColleague()
    const signed = await signedIn(member)
    const [old] = await enrol(signed)
    const other = await signedIn(member)
    await show(other, { step: 600 })
    await world.sql`update private.staff_sessions set proved_at = now() - interval '5 minutes 1 second' where user_id = ${member.id}`
    expect(await server('begin_factor', { ...signed.by, secret_sealed: sealed() })).toEqual(refused('second_factor_required'))
    expect(await server('renew_recovery_codes', { ...signed.by, recovery_hashes: hashes() })).toEqual(refused('second_factor_required'))

    await show(signed, { step: 601 })
    expect(await server('renew_recovery_codes', { ...signed.by, recovery_hashes: hashes() })).toMatchObject({ ok: true })
    expect(await world.sql`select 1 from public.outbox where recipient_id = ${signed.member.id} and template = 'staff.codes_renewed'`, 'the owner is told').toHaveLength(1)
    expect(await show(signed, { recovery_hash: old })).toEqual(refused('wrong_code'))
    await show(signed, { step: 602 })
    await enrol(signed)

    expect((await other.client.rpc('get_account')).status).toBe(401)
    expect(await stateOf(signed)).toBe('open')
  })

  it('a secret that was never confirmed changes nothing, and one that was not shown last is not taken', async () => {
    const signed = await signedIn(await aColleague())
    await server('begin_factor', { ...signed.by, secret_sealed: sealed() })
    expect(await stateOf(signed)).toBe('enrol')

    expect(await server('confirm_factor', { ...signed.by, limits: [], secret_sealed: sealed(), step: 1, recovery_hashes: hashes() })).toEqual(refused('conflict'))
    await world.sql`update private.staff_factors set pending_at = now() - interval '31 minutes' where user_id = ${signed.member.id}`
    expect(await server('check_pending_factor', { ...signed.by, limits: [] })).toEqual(refused('conflict'))
    expect(await stateOf(signed)).toBe('enrol')
  })
})

describe('sessions of staff', () => {
  it('everybody sees their own, chief and admin those of the station, and nobody those of another', async () => {
    const [officer, chief, far] = [await signedIn(await aColleague()), await signedIn(await aColleague('chief')), await signedIn(await aColleague('chief', world.station.far))]
    for (const signed of [officer, chief, far]) await enrol(signed)
    const seenBy = async ({ client }: Signed) => new Set(((await answerOf(client.rpc('list_staff_sessions'))).sessions as { id: string }[]).map(({ id }) => id))

    expect(await seenBy(officer)).toEqual(new Set([officer.by.session]))
    expect([...await seenBy(chief)]).toEqual(expect.arrayContaining([officer.by.session, chief.by.session]))
    expect((await seenBy(far)).has(officer.by.session)).toBe(false)
    expect(await answerOf(officer.client.rpc('end_staff_sessions', { p: { session: chief.by.session } }))).toEqual(refused('not_found'))
    expect(await answerOf(far.client.rpc('end_staff_sessions', { p: { person: officer.member.id } }))).toEqual(refused('not_found'))
    expect(await answerOf(chief.client.rpc('end_staff_sessions', { p: { person: officer.member.id } }))).toEqual({ ok: true, ended: 1 })
    expect((await officer.client.rpc('get_account')).status).toBe(401)
    expect(await actionsOn(officer.member.id)).toContain('staff.sessions_ended')
  })
})

describe('phone and recovery codes are lost', () => {
  async function people() {
    const all = { loser: await signedIn(await aColleague()), chief: await signedIn(await aColleague('chief')) }
    for (const signed of Object.values(all)) await enrol(signed)
    return all
  }

  it('the database itself refuses one person deciding twice', async () => {
    const { loser, chief } = await people()

    await expect(world.sql`select private.reset_second_factor(${loser.member.id}, ${chief.member.id}, ${chief.member.id})`).rejects.toThrow(/two other people/)
    await expect(world.sql`select private.reset_second_factor(${loser.member.id}, ${chief.member.id}, ${loser.member.id})`).rejects.toThrow(/two other people/)
  })

  it('the only chief is helped by whoever runs the machine, and the log names the system', async () => {
    const { chief } = await people()

    expect(await server('reset_second_factor', { email: chief.member.email })).toEqual({ ok: true })

    expect(await stateOf(await signedIn(chief.member))).toBe('enrol')
    expect(await world.sql`select actor_role from public.audit_log where noun_id = ${chief.member.id} and action = 'staff.factor_reset'`).toEqual([{ actor_role: 'system' }])
  })
})

describe('accounts of the demo', () => {
  it('need no second factor on a database marked demo, and one like any other elsewhere; the mark is a table that no function writes', async () => {
    const member = await aColleague()
    const signed = await signedIn(member)
    await world.sql`insert into private.demo_accounts (user_id) values (${member.id})`
    expect(await stateOf(signed)).toBe('enrol')

    const [seen] = await world.sql.begin(async (sql) => {
      await sql`insert into private.settings (key, value) values ('demo', 'true')`
      const rows = await sql`select private.staff_session_state(${member.id}, ${signed.by.session}) as state, private.staff_session_state(${world.person.officer_wang.id}, ${signed.by.session}) as other`
      await sql`delete from private.settings where key = 'demo'`
      return rows
    })

    expect(seen).toEqual({ state: 'open', other: 'ended' })
    const writers = await world.sql`select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('public', 'private') and p.prosrc ~ 'demo_accounts' and p.prosrc ~* '(insert into|update|delete from)\\s+private\\.demo_accounts'`
    expect(writers).toEqual([])
  })

  it('openDesk and signInStaff of these tests stand for exactly that: a code was shown', async () => {
    const member = await aColleague()
    const signed = await signedIn(member)
    await openDesk(world.sql, member.id, signed.by.session)

    expect(await stateOf(signed)).toBe('open')
    expect((await (await signInStaff(world.backend, await aColleague())).rpc('get_staff_profile')).data).toMatchObject({ ok: true })
  })
})

describe('whoever has the password and not the second factor', () => {
  it('ends no session of the owner, in a session that has not shown it or is locked', async () => {
    const owner = await signedIn(await aColleague())
    await enrol(owner)
    const thief = await signedIn(owner.member)

    expect(await answerOf(thief.client.rpc('end_my_sessions', {}))).toEqual(refused('second_factor_required'))
    expect(await answerOf(thief.client.rpc('end_my_sessions', { p_id: owner.by.session }))).toEqual(refused('second_factor_required'))
    await owner.client.rpc('lock_staff_session')
    expect(await answerOf(owner.client.rpc('end_my_sessions', {}))).toEqual(refused('session_locked'))
    expect(await stateOf(thief), 'which lives on until then').toBe('verify')

    await show(owner, { step: 400 })
    expect(await answerOf(owner.client.rpc('end_my_sessions', {}))).toEqual({ ok: true, ended: 1 })
  })

  it('sets no password, neither through the portal nor straight at Auth', async () => {
    const owner = await signedIn(await aColleague())
    await enrol(owner)
    const thief = await signedIn(owner.member)

    expect(await answerOf(thief.client.rpc('permit_password_change'))).toEqual(refused('second_factor_required'))
    expect((await thief.client.auth.updateUser({ password: 'kettle drum orchard' })).error).not.toBeNull()
    expect((await world.server.auth.admin.updateUserById(owner.member.id, { password: 'kettle drum orchard' })).error, 'nor with the secret key').not.toBeNull()

    await expect(world.backend.signInAs(owner.member)).resolves.toBeTruthy()
    expect(await actionsOn(owner.member.id)).toEqual(['staff.factor_enrolled'])
  })

  it('sets none before the enrolment either without the owner being told', async () => {
    const signed = await signedIn(await aColleague())

    expect((await signed.client.auth.updateUser({ password: 'kettle drum orchard' })).error).toBeNull()

    expect(await actionsOn(signed.member.id)).toEqual(['staff.password_changed'])
    expect(await world.sql`select template from public.outbox where recipient_id = ${signed.member.id}`).toEqual([{ template: 'staff.password_changed' }])
  })
})

it('a password set in an open session is logged and told to its owner, and the permit is good once', async () => {
  const owner = await signedIn(await aColleague())
  await enrol(owner)
  expect(await answerOf(owner.client.rpc('permit_password_change'))).toEqual({ ok: true })

  expect((await owner.client.auth.updateUser({ password: 'kettle drum orchard' })).error).toBeNull()

  expect(await actionsOn(owner.member.id)).toEqual(['staff.factor_enrolled', 'staff.password_changed'])
  expect(await world.sql`select 1 from public.outbox where recipient_id = ${owner.member.id} and template = 'staff.password_changed'`).toHaveLength(1)
  expect((await owner.client.auth.updateUser({ password: 'another kettle drum' })).error).not.toBeNull()
  const resident = await world.backend.createUser('resident_password')
  expect((await (await world.backend.signInAs(resident)).auth.updateUser({ password: 'kettle drum orchard' })).error, 'residents go on as before').toBeNull()
})
