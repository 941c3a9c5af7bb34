import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHash, aReport, answerOf, moveReport, sealed, type Filed } from './reports-builder.ts'
import type { Persona } from '../../supabase/embedded/test-backend.ts'
import { type World, buildWorld, sessionOf } from './world.ts'

let world: World
const server = async (name: string, p: Record<string, unknown>) => answerOf(world.server.rpc(name, { p }))
const contact = { contact_sealed: sealed('contact'), contact_key: sealed('contact key'), notify_sealed: sealed('address') }
const rowOf = async ({ id }: Filed) => (await world.sql`select owner_id, owner_hash, contact_sealed, contact_key, notify_sealed, nonce, content_sealed, status from public.reports where id = ${id}`)[0]
const tombstonesOf = ({ id }: Filed) => world.sql`select actor_id, details from public.audit_log where noun_id = ${id} and action = 'report.erased'`

/** Somebody with a closed named report, a closed sealed one and an open named one. */
async function somebody(name: string) {
  const person: Persona = await world.backend.createUser(name)
  const client = await world.backend.signInAs(person)
  const by = { actor: person.id, session: await sessionOf(client), owner_hash: aHash() }
  const closed = await aReport(world, { contact_mode: 'named', actor: by.actor, session: by.session, ...contact })
  const sealedOne = await aReport(world, { contact_mode: 'sealed', ...by, ...contact })
  const open = await aReport(world, { contact_mode: 'named', actor: by.actor, session: by.session, ...contact })
  for (const report of [closed, sealedOne]) await moveReport(world, 'officer_wang', report, 'received', 'closed', { closed_reason: 'no_further_action' })
  await client.rpc('save_profile', { p_community: null, p_locale: 'en' })
  return { person, client, by, closed, sealedOne, open }
}

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('erasing an account', () => {
  it('says beforehand what goes and what an open case keeps', async () => {
    const { by, open } = await somebody('plan_resident')

    expect(await server('plan_account_erasure', by)).toEqual({ ok: true, is_staff: false, is_fresh: true, closed: 2, open: [open.reference] })
  })

  it('takes owner, contact and nonce out of closed reports, keeps the text, and leaves a tombstone without a name (RULES C3)', async () => {
    const { person, by, closed, sealedOne } = await somebody('closed_resident')

    expect(await server('erase_account', by)).toMatchObject({ ok: true, detached: 2 })

    for (const report of [closed, sealedOne]) {
      expect(await rowOf(report)).toMatchObject({ owner_id: null, owner_hash: null, contact_sealed: null, contact_key: null, notify_sealed: null, nonce: null, content_sealed: sealed('what happened') })
      expect(await tombstonesOf(report)).toEqual([{ actor_id: null, details: expect.objectContaining({ erased: report.reference, because: 'account_erased' }) }])
    }
    for (const table of ['public.profiles', 'private.consents', 'private.verifications', 'private.confirmation_codes']) {
      expect(await world.sql.unsafe(`select user_id from ${table} where user_id = $1`, [person.id]), table).toEqual([])
    }
    expect(await world.sql`select id from public.outbox where recipient_id = ${person.id}`).toEqual([])
  })

  it('keeps the contact of an open case until it closes, whoever closes it', async () => {
    const { by, open } = await somebody('open_resident')

    expect(await server('erase_account', by)).toMatchObject({ kept: [open.reference] })
    expect(await rowOf(open)).toMatchObject({ owner_id: null, contact_sealed: contact.contact_sealed, notify_sealed: null, status: 'received' })
    expect(await tombstonesOf(open)).toEqual([])
    await moveReport(world, 'officer_wang', open, 'received', 'closed', { closed_reason: 'unfounded' })

    expect(await rowOf(open)).toMatchObject({ contact_sealed: null, contact_key: null, notify_sealed: null, nonce: null })
    expect(await tombstonesOf(open)).toHaveLength(1)
  })

  it('counts a solved case as ended, whether it was solved before or is solved after', async () => {
    const { by, open } = await somebody('solved_resident')
    await moveReport(world, 'officer_wang', open, 'received', 'triaged')
    await server('erase_account', by)
    expect(await rowOf(open)).toMatchObject({ contact_sealed: contact.contact_sealed })

    await moveReport(world, 'officer_wang', open, 'triaged', 'resolved')

    expect(await rowOf(open)).toMatchObject({ contact_sealed: null, nonce: null })
    const { by: other, open: solved } = await somebody('solved_before_resident')
    for (const [from, to] of [['received', 'triaged'], ['triaged', 'resolved']] as const) await moveReport(world, 'officer_wang', solved, from, to)
    expect(await server('erase_account', other)).toMatchObject({ ok: true, kept: [] })
    expect(await rowOf(solved)).toMatchObject({ contact_sealed: null, nonce: null })
  })

  it('can be repeated after a crash, before and after the account itself is gone', async () => {
    const { person, by, closed } = await somebody('crash_resident')
    await server('erase_account', by)

    expect(await server('erase_account', by)).toEqual({ ok: true, detached: 0, kept: [] })
    expect(await tombstonesOf(closed)).toHaveLength(1)
    expect((await answerOf(world.server.rpc('list_unfinished_erasures'))).accounts).toContain(person.id)
    expect((await world.server.auth.admin.deleteUser(person.id)).error).toBeNull()
    expect(await world.sql`select id from auth.users where id = ${person.id}`).toEqual([])
    expect((await answerOf(world.server.rpc('list_unfinished_erasures'))).accounts).not.toContain(person.id)
    expect((await world.server.rpc('erase_account', { p: by })).status, 'the session ended with the account').toBe(401)
  })

  it('leaves a row in the log that names nobody', async () => {
    const { person, by } = await somebody('log_resident')
    await server('erase_account', by)

    await server('erase_account', by)

    const rows = await world.sql`select * from public.audit_log where action = 'account.erased' order by id desc limit 2`
    expect(rows[0]).toMatchObject({ actor_id: null, noun_id: null, details: { detached: 2, kept: 1 } })
    expect(rows[1]?.details, 'a repetition adds no row').not.toEqual({ detached: 0, kept: 0 })
    expect(JSON.stringify(await world.sql`select details from public.audit_log where actor_id = ${person.id} or noun_id = ${person.id}`)).toBe('[]')
  })

  it('asks for a fresh sign-in, and is not for staff', async () => {
    const { by, closed } = await somebody('stale_resident')
    await world.sql`update auth.sessions set created_at = now() - interval '11 minutes' where id = ${by.session}`

    expect(await server('erase_account', by)).toEqual({ ok: false, code: 'sign_in_again' })
    expect((await rowOf(closed))?.contact_sealed).not.toBeNull()
    expect(await server('erase_account', { ...await world.actor('officer_li'), owner_hash: aHash() })).toEqual({ ok: false, code: 'forbidden' })
  })

  it('touches nobody else\'s reports', async () => {
    const { by } = await somebody('first_resident')
    const other = await somebody('second_resident')
    await server('erase_account', by)

    expect(await rowOf(other.closed)).toMatchObject({ owner_id: other.person.id, contact_sealed: contact.contact_sealed })
  })
})
