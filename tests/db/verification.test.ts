import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHash, answerOf, deskCall, type Answer } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
let slug: { pingAn: string, changLe: string }
const slugOf = async (id: string) => String((await world.sql`select slug from public.communities where id = ${id}`)[0]?.slug)
const own = async (who: Person, name: string, args = {}) => answerOf((await world.as(who)).rpc(name, args))
const server = async (who: Person, name: string, p: Record<string, unknown> = {}): Promise<Answer> => answerOf(world.server.rpc(name, { p: { limits: [], ...p, ...await world.actor(who) } }))
const aBatch = (codes: string[], changes = {}) => deskCall(world, 'lead_zhao', 'create_verification_batch', { community: slug.pingAn, days: 30, code_hashes: codes, ...changes })
const isVerifiedFor = async (who: Person, officer: Person) =>
  (await world.sql`select private.is_verified_for(${world.person[who].id}, ${world.community.pingAn}, ${world.person[officer].id}) as is`)[0]?.is as boolean
const verificationOf = async (who: Person) => (await own(who, 'get_account')).verification
const forget = (who: Person) => world.sql`delete from private.verifications where user_id = ${world.person[who].id}`

beforeAll(async () => {
  world = await buildWorld()
  slug = { pingAn: await slugOf(world.community.pingAn), changLe: await slugOf(world.community.changLe) }
})
afterAll(() => world?.close())

describe('RULES E1: a paper code', () => {
  it('verifies one resident once, and is gone afterwards', async () => {
    const code = aHash()
    const made = await aBatch([code, aHash()])

    expect(made).toMatchObject({ ok: true })
    expect(await server('amina_resident', 'redeem_verification_code', { code_hash: code })).toMatchObject({ ok: true })
    expect(await verificationOf('amina_resident')).toMatchObject({ community: slug.pingAn, method: 'code' })
    expect(await server('bo_resident', 'redeem_verification_code', { code_hash: code })).toEqual({ ok: false, code: 'not_found' })
    expect((await own('lead_zhao', 'list_verification_batches')).batches).toContainEqual(expect.objectContaining({ id: made.id, size: 2, redeemed: 1, left: 1, revoked_at: null }))
    expect(await world.sql`select code_hash from private.verification_codes where code_hash = ${code}`).toEqual([])
  })

  it('is not used up by somebody who is verified here already', async () => {
    const code = aHash()
    await aBatch([code])

    expect(await server('amina_resident', 'redeem_verification_code', { code_hash: code })).toEqual({ ok: false, code: 'already_verified' })
    expect(await server('bo_resident', 'redeem_verification_code', { code_hash: code })).toMatchObject({ ok: true })
    await forget('bo_resident')
  })

  it('of ten hands that use it at once, one is verified', async () => {
    const code = aHash()
    const batch = await aBatch([code])
    await forget('amina_resident')

    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => server(n % 2 ? 'amina_resident' : 'bo_resident', 'redeem_verification_code', { code_hash: code })))

    expect(answers.filter(answer => answer.ok)).toHaveLength(1)
    expect((await world.sql`select redeemed from private.verification_batches where id = ${String(batch.id)}`)[0]?.redeemed).toBe(1)
    await forget('amina_resident')
    await forget('bo_resident')
  })

  it('that ran out or was revoked answers like a wrong one', async () => {
    const [late, stolen] = [aHash(), aHash()]
    const expired = await aBatch([late])
    const revoked = await aBatch([stolen])
    await world.sql`update private.verification_batches set created_at = now() - interval '9 days', expires_at = now() - interval '1 second' where id = ${String(expired.id)}`
    expect(await own('chief_sun', 'revoke_verification_batch', { p_id: revoked.id })).toEqual({ ok: true })

    for (const code_hash of [late, stolen, aHash()]) expect(await server('bo_resident', 'redeem_verification_code', { code_hash })).toEqual({ ok: false, code: 'not_found' })
    const { batches } = await own('auditor_wu', 'list_verification_batches')
    for (const { id } of [expired, revoked]) expect(batches).toContainEqual(expect.objectContaining({ id, left: 0 }))
  })

  it('has a limit of guesses', async () => {
    const limits = [{ bucket: aHash(), times: 3, seconds: 3600 }]

    const answers: Answer[] = []
    for (let guess = 0; guess < 5; guess++) answers.push(await server('bo_resident', 'redeem_verification_code', { code_hash: aHash(), limits }))

    expect(answers.map(answer => answer.code)).toEqual(['not_found', 'not_found', 'not_found', 'rate_limited', 'rate_limited'])
  })

  it('is made by lead and chief only, for communities of their own station', async () => {
    for (const who of ['officer_wang', 'auditor_wu', 'admin_zheng', 'amina_resident'] as const) {
      expect(await deskCall(world, who, 'create_verification_batch', { community: slug.pingAn, days: 30, code_hashes: [aHash()] })).toEqual({ ok: false, code: 'forbidden' })
    }
    expect(await deskCall(world, 'chief_far', 'create_verification_batch', { community: slug.pingAn, days: 30, code_hashes: [aHash()] })).toEqual({ ok: false, code: 'not_found' })
    for (const changes of [{ code_hashes: [] }, { days: 0 }, { days: 400 }]) expect(await aBatch([aHash()], changes)).toEqual({ ok: false, code: 'invalid_input' })
    const mine = await aBatch([aHash()])
    expect(await own('chief_far', 'revoke_verification_batch', { p_id: mine.id })).toEqual({ ok: false, code: 'not_found' })
    expect(await own('officer_wang', 'list_verification_batches')).toEqual({ ok: false, code: 'forbidden' })
    expect((await own('chief_far', 'list_verification_batches')).batches).toEqual([])
  })
})

describe('RULES E1: an officer who stands before the resident', () => {
  const choose = (who: Person, community: string | null) => own(who, 'save_profile', { p_community: community, p_locale: 'zh' })

  it('confirms with the code that the resident shows, and the log says who did', async () => {
    await forget('bo_resident')
    await choose('bo_resident', slug.pingAn)
    const code_hash = aHash()
    expect(await server('bo_resident', 'request_confirmation', { code_hash })).toMatchObject({ ok: true })

    expect(await server('officer_wang', 'confirm_resident', { code_hash })).toMatchObject({ ok: true })

    expect(await verificationOf('bo_resident')).toMatchObject({ community: slug.pingAn, method: 'officer' })
    expect(await server('officer_wang', 'confirm_resident', { code_hash }), 'a code counts once').toEqual({ ok: false, code: 'not_found' })
    const log = await world.sql`select l.action, l.noun_id from public.audit_log l where l.actor_id = ${world.person.officer_wang.id} order by l.id`
    expect(log.map(row => row.action)).toEqual(['verification.resident_confirmed', 'verification.confirm_refused'])
    expect(log[0]?.noun_id, 'the log does not name the account').not.toBe(world.person.bo_resident.id)
  })

  it('does not count when that same officer is rated', async () => {
    expect(await isVerifiedFor('bo_resident', 'officer_wang')).toBe(false)
    expect(await isVerifiedFor('bo_resident', 'officer_li')).toBe(true)
  })

  it('must look after the community; lead and chief may confirm for the station', async () => {
    await forget('bo_resident')
    const code_hash = aHash()
    await server('bo_resident', 'request_confirmation', { code_hash })

    for (const who of ['officer_li', 'chief_far'] as const) expect(await server(who, 'confirm_resident', { code_hash })).toEqual({ ok: false, code: 'not_found' })
    for (const who of ['auditor_wu', 'admin_zheng', 'amina_resident'] as const) expect(await server(who, 'confirm_resident', { code_hash })).toEqual({ ok: false, code: 'forbidden' })
    expect(await server('lead_zhao', 'confirm_resident', { code_hash })).toMatchObject({ ok: true })
  })

  it('cannot use a code after ten minutes, nor one that was replaced', async () => {
    await forget('bo_resident')
    const [first, second] = [aHash(), aHash()]
    await server('bo_resident', 'request_confirmation', { code_hash: first })
    await server('bo_resident', 'request_confirmation', { code_hash: second })
    await world.sql`update private.confirmation_codes set expires_at = now() - interval '1 second' where user_id = ${world.person.bo_resident.id}`

    for (const code_hash of [first, second]) expect(await server('officer_wang', 'confirm_resident', { code_hash })).toEqual({ ok: false, code: 'not_found' })
  })

  it('needs to know the community first', async () => {
    await choose('bo_resident', null)

    expect(await server('bo_resident', 'request_confirmation', { code_hash: aHash() })).toEqual({ ok: false, code: 'community_missing' })
  })
})

describe('RULES E1: staff draw none', () => {
  it('staff can neither redeem a code nor ask for a confirmation', async () => {
    const code_hash = aHash()
    await aBatch([code_hash])

    expect(await server('officer_li', 'redeem_verification_code', { code_hash })).toEqual({ ok: false, code: 'forbidden' })
    expect(await server('officer_li', 'request_confirmation', { code_hash: aHash() })).toEqual({ ok: false, code: 'forbidden' })
    await expect(world.sql`insert into private.verifications (user_id, community_id, method, verified_on) values (${world.person.officer_li.id}, ${world.community.pingAn}, 'code', current_date)`).rejects.toThrow('never verified')
  })

  it('whoever joins the station is no verified resident any more', async () => {
    const newcomer = await world.backend.createUser('newcomer_resident')
    await world.sql`insert into private.verifications (user_id, community_id, method, verified_on) values (${newcomer.id}, ${world.community.pingAn}, 'code', current_date)`
    const name = world.sql.json({ zh: '新', en: 'New' })

    await world.sql`insert into public.staff (user_id, station_id, role, name, badge_number) values (${newcomer.id}, ${world.station.home}, 'officer', ${name}, 'newcomer')`

    expect(await world.sql`select user_id from private.verifications where user_id = ${newcomer.id}`).toEqual([])
  })
})
