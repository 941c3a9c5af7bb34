import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newCertificateNumber } from '#server/domain/patrols/certificate'
import { patrolActs } from './patrols-builder.ts'
import { type Submission, answerOf, sealed } from './reports-builder.ts'
import { type Person, type Resident, type World, buildWorld } from './world.ts'

let world: World
const { call, enrolled, clear } = patrolActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
})
beforeEach(async () => {
  await world.sql`delete from private.certificates where station_id = ${world.station.home}`
  await clear()
})
afterAll(() => world?.close())

const server = async (who: Person, name: string, changes: Submission = {}) => answerOf(world.server.rpc(name, { p: { ...await world.actor(who), ...changes } }))
const paper = randomBytes(32).toString('hex')
const check = (number: string, changes: Submission = {}) => answerOf(world.server.rpc('check_certificate', { p: { number, limits: [], ...changes } }))
const count = (who: Person, from = '2000-01-01', to = '2100-01-01') => server(who, 'count_certificate_hours', { from, to })
const actsOf = async () => (await world.sql<{ action: string, actor_id: string | null }[]>`select action, actor_id from public.audit_log where station_id = ${world.station.home} and action like 'certificate.%' order by id`)

/** A volunteer with two patrols of two hours behind them, the second with an hour at night. */
async function aVolunteer(who: Resident = 'amina_resident') {
  const id = await enrolled(who, { attended: 2 })
  await world.sql`insert into private.volunteer_contacts (volunteer_id, contact_sealed) values (${id}, ${sealed('name')})`
  await world.sql`insert into private.patrol_hours (place_id, volunteer_id, worked, minutes, night_minutes, credit_minutes, night, rate, counted_at)
    select q.id, q.volunteer_id, q.period, 120, case when row_number() over (order by q.period) = 2 then 60 else 0 end, 150, '{}', 10, now() from public.shift_places q where q.volunteer_id = ${id}`
  return id
}

async function issue(who: Person, changes: Submission = {}) {
  const hours = await count(who)
  const number = newCertificateNumber()
  const { now, from, to, shifts, minutes, night_minutes } = hours as Record<string, string>
  const answer = await server(who, 'issue_certificate', { number, from, to, shifts, minutes, night_minutes, issued_at: now, statement: { type: 'patrol_certificate', number }, file_sealed: sealed('what it says'), limits: [], ...changes })
  return { number, answer }
}

describe('hours for a certificate', () => {
  it('are those between the days that were asked for, from the first patrol to the last', async () => {
    await aVolunteer()
    const all = await count('amina_resident')
    expect(all).toMatchObject({ ok: true, shifts: 2, minutes: 240, night_minutes: 60, contact_sealed: sealed('name') })
    expect(String(all.from) < String(all.to)).toBe(true)

    expect(await count('amina_resident', String(all.from), String(all.from))).toMatchObject({ shifts: 1, minutes: 120, from: all.from, to: all.from })
    expect(await count('amina_resident', '2000-01-01', '2000-12-31')).toEqual({ ok: false, code: 'no_hours' })
    expect(await count('amina_resident', '2100-01-01', '2000-01-01')).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('of somebody else are nobody\'s', async () => {
    await aVolunteer()

    expect(await count('bo_resident')).toEqual({ ok: false, code: 'not_found' })
  })
})

describe('a certificate', () => {
  it('is kept as it was signed, for its holder, for whoever knows its number, and for the desk without a name', async () => {
    const volunteer = await aVolunteer()
    const { number, answer } = await issue('amina_resident')
    expect(answer).toEqual({ ok: true })

    expect(await server('amina_resident', 'list_own_certificates')).toMatchObject({ certificates: [{ number, revoked_at: null, file_sealed: sealed('what it says') }] })
    expect(await server('bo_resident', 'list_own_certificates')).toMatchObject({ certificates: [], first_on: null })
    expect(await check(number)).toMatchObject({ state: 'issued', file_sealed: sealed('what it says'), is_paper: false })
    expect(await check(newCertificateNumber())).toMatchObject({ state: 'unknown', file_sealed: null })
    const desk = await call('lead_zhao', 'list_certificates', {})
    expect(desk).toMatchObject({ may_revoke: true, certificates: [{ number, volunteer }] })
    expect(JSON.stringify(desk)).not.toContain('sealed')
    for (const who of ['officer_wang', 'admin_zheng', 'amina_resident'] as const) expect(await call(who, 'list_certificates', {})).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('chief_far', 'list_certificates', {})).toMatchObject({ certificates: [] })
    expect(await actsOf(), 'the log of a resident\'s own act names nobody').toEqual([{ action: 'certificate.issued', actor_id: null }])
  })

  it('over hours that were corrected meanwhile is not issued', async () => {
    const volunteer = await aVolunteer()
    const hours = await count('amina_resident')
    await world.sql`update private.patrol_hours set minutes = 100 where volunteer_id = ${volunteer} and night_minutes = 60`

    expect((await issue('amina_resident', { minutes: hours.minutes })).answer).toEqual({ ok: false, code: 'conflict' })
    expect((await issue('amina_resident', { shifts: 3 })).answer).toEqual({ ok: false, code: 'conflict' })
    expect((await issue('amina_resident', { issued_at: '2020-01-01T00:00:00Z' })).answer).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('is printed for its holder alone, so often, and each paper is remembered', async () => {
    await aVolunteer()
    await aVolunteer('bo_resident')
    const { number } = await issue('amina_resident')
    const limits = [{ bucket: `certificate ${number}`, times: 1, seconds: 600 }]

    expect(await server('bo_resident', 'open_own_certificate', { number, limits: [] })).toEqual({ ok: false, code: 'not_found' })
    expect(await server('amina_resident', 'open_own_certificate', { number, limits })).toEqual({ ok: true, file_sealed: sealed('what it says') })
    expect(await server('amina_resident', 'open_own_certificate', { number, limits })).toMatchObject({ ok: false, code: 'rate_limited' })
    for (const _ of [1, 2]) expect(await answerOf(world.server.rpc('note_certificate_paper', { p: { number, paper } }))).toEqual({ ok: true })
    expect(await check(number, { paper })).toMatchObject({ state: 'issued', is_paper: true })
    expect(await check(number, { paper: paper.replace(/^./, digit => digit === '0' ? '1' : '0') })).toMatchObject({ state: 'issued', is_paper: false })
  })

  it('is taken back once: by its holder, or with a reason by lead or chief of the station, who tell the holder', async () => {
    const volunteer = await aVolunteer()
    const [own, other] = [(await issue('amina_resident')).number, (await issue('amina_resident')).number]
    const revoke = (who: Person, number: string, reason?: string) => call(who, 'revoke_certificate', { number, ...(reason && { reason }) })

    for (const who of ['bo_resident', 'officer_wang', 'auditor_wu', 'chief_far'] as const) expect(await revoke(who, own, 'for no reason'), who).toEqual({ ok: false, code: 'not_found' })
    expect(await revoke('amina_resident', own)).toEqual({ ok: true })
    expect(await revoke('amina_resident', own)).toEqual({ ok: false, code: 'status_order' })
    expect(await revoke('lead_zhao', other)).toEqual({ ok: false, code: 'reason_missing' })
    expect(await revoke('lead_zhao', other, 'The hours were another person\'s.')).toEqual({ ok: true })

    expect(await check(own)).toMatchObject({ state: 'revoked', file_sealed: null })
    expect(await server('amina_resident', 'open_own_certificate', { number: own, limits: [] })).toEqual({ ok: false, code: 'not_found' })
    const { certificates } = await server('amina_resident', 'list_own_certificates') as { certificates: { number: string, revoked_by: string, revoked_reason: string | null }[] }
    expect(Object.fromEntries(certificates.map(({ number, revoked_by: by, revoked_reason: reason }) => [number, [by, reason]]))).toEqual({ [own]: ['holder', null], [other]: ['station', 'The hours were another person\'s.'] })
    expect(await world.sql`select template from public.outbox where noun_id = ${volunteer}`).toEqual([{ template: 'patrols.certificate' }])
  })

  it('that was taken back loses the words of why with the contact of its holder', async () => {
    const volunteer = await aVolunteer()
    const [own, other] = [(await issue('amina_resident')).number, (await issue('amina_resident')).number]
    await call('amina_resident', 'revoke_certificate', { number: own, reason: 'My name is Amina now.' })
    await call('lead_zhao', 'revoke_certificate', { number: other, reason: 'Amina was at another patrol.' })
    await world.sql`delete from private.volunteer_contacts where volunteer_id = ${volunteer}`

    for (const number of [own, other]) {
      expect(await check(number)).toMatchObject({ state: 'revoked' })
      expect(await world.sql`select revoked_reason from private.certificates where number = ${number}`).toEqual([{ revoked_reason: null }])
    }
  })

  it('is not issued to somebody whose account is being erased: no name is kept behind', async () => {
    const volunteer = await aVolunteer()
    let issued: ReturnType<typeof issue> | undefined
    // As the erasure does, a moment before it is done.
    await world.sql.begin(async (sql) => {
      await sql`update public.volunteers set user_id = null, state = 'left' where id = ${volunteer}`
      await sql`delete from private.volunteer_contacts where volunteer_id = ${volunteer}`
      issued = issue('amina_resident')
      await new Promise(resolve => setTimeout(resolve, 500))
    })

    expect((await issued)?.answer).toEqual({ ok: false, code: 'not_found' })
    expect(await world.sql`select number from private.certificates where station_id = ${world.station.home}`).toEqual([])
  })

  it('loses what it says with the contact of its holder, and keeps the signature', async () => {
    const volunteer = await aVolunteer()
    const { number } = await issue('amina_resident')
    await world.sql`delete from private.volunteer_contacts where volunteer_id = ${volunteer}`

    expect(await check(number)).toMatchObject({ state: 'erased', file_sealed: null, statement: { number } })
    expect(await world.sql`select volunteer_id, papers from private.certificates where number = ${number}`).toEqual([{ volunteer_id: null, papers: [] }])
  })
})
