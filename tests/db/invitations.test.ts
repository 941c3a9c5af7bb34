import { createSecretKey, randomBytes } from 'node:crypto'
import { createClients } from '#server/db/clients'
import { openVisit } from '#server/domain/accounts/visit'
import type { Services } from '#server/domain/services'
import { acceptInvitation } from '#server/domain/staff/accept-invitation'
import { invitationTokenHash } from '#server/domain/staff/invitation-token'
import { openKeyRing } from '#server/domain/trust/key-ring'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aLink, anEmail, invitedName, peopleActs } from './people-builder.ts'
import { aHash, answerOf, deskCall } from './reports-builder.ts'
import { type World, buildWorld, signInStaff } from './world.ts'

let world: World

// Each test changes who works here: each has its own station.
beforeEach(async () => {
  world = await buildWorld()
})
afterEach(() => world?.close())

const { idOf, rpc, propose, proposed, decide, logged, invited, read, accept, makeUser } = peopleActs(() => world)

describe('an invitation', () => {
  it('is mailed once a chief confirmed it, shows what it is for, and makes a member of staff with the name that two people agreed to', async () => {
    const invitation = await invited({ badge: '088130' })
    const mails = await world.sql`select template, recipient_id, recipient_sealed is not null as sealed, locale from public.outbox where noun = 'staff' and noun_id = ${invitation.id}`
    expect(mails).toEqual([{ template: 'staff.invited', recipient_id: null, sealed: true, locale: 'zh' }])
    expect(await read(invitation.token)).toMatchObject({ ok: true, email: invitation.email, role: 'officer', badge_number: '088130', name: invitedName, user_id: invitation.userId })
    await makeUser(invitation)

    expect(await accept(invitation.token, { name: { zh: '赵山', en: 'Zhao Shan' } })).toEqual({ ok: true, role: 'officer' })

    expect(await world.sql`select role, badge_number, name, is_active from public.staff where user_id = ${invitation.userId}`).toEqual([{ role: 'officer', badge_number: '088130', name: invitedName, is_active: true }])
    expect(await world.sql`select email, token_hash from private.staff_invitations where id = ${invitation.id}`).toEqual([{ email: null, token_hash: null }])
    expect(await logged('staff.joined')).toMatchObject([{ actor_id: invitation.userId, details: { role: 'officer', badge: '088130' } }])
  })

  it('works once, and not for an account with another id or address', async () => {
    const invitation = await invited()
    expect(await accept(invitation.token), 'no account yet').toEqual({ ok: false, code: 'conflict' })
    await makeUser({ ...invitation, email: anEmail() })
    expect(await accept(invitation.token), 'another address').toEqual({ ok: false, code: 'conflict' })
    await world.server.auth.admin.updateUserById(invitation.userId, { email: invitation.email })

    const twice = await Promise.all([accept(invitation.token), accept(invitation.token)])

    expect(twice.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(await read(invitation.token)).toEqual({ ok: false, code: 'invitation_ended' })
  })

  it('runs out after seven days, can be sent again with a new link, and the old link stays dead', async () => {
    const invitation = await invited()
    await world.sql`update private.staff_invitations set sent_at = sent_at - interval '7 days 1 second', expires_at = expires_at - interval '7 days 1 second' where id = ${invitation.id}`
    expect(await read(invitation.token)).toEqual({ ok: false, code: 'invitation_ended' })
    expect(await accept(invitation.token)).toEqual({ ok: false, code: 'invitation_ended' })
    const p = { id: invitation.id, ...aLink('another token') }
    for (const who of ['officer_wang', 'lead_zhao', 'auditor_wu'] as const) expect(await deskCall(world, who, 'resend_invitation', p), who).toEqual({ ok: false, code: 'forbidden' })
    expect(await deskCall(world, 'chief_far', 'resend_invitation', p)).toEqual({ ok: false, code: 'not_found' })

    expect(await deskCall(world, 'admin_zheng', 'resend_invitation', p)).toMatchObject({ ok: true })

    expect(await read('another token')).toMatchObject({ ok: true })
    expect(await read(invitation.token)).toEqual({ ok: false, code: 'invitation_ended' })
    expect(await world.sql`select id from public.outbox where noun_id = ${invitation.id} and status = 'queued'`, 'the mail with the older link does not leave').toHaveLength(1)
  })

  it('is sent again five times a day at most', async () => {
    const invitation = await invited()
    const answers = []
    for (let times = 0; times < 6; times++) answers.push(await deskCall(world, 'chief_sun', 'resend_invitation', { id: invitation.id, ...aLink(`again ${times} ${invitation.id}`) }))

    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true, true, false])
    expect(answers.at(-1)).toMatchObject({ code: 'rate_limited' })
  })

  it('is taken back by chief or administrator: link, mail and address are gone, the number is free', async () => {
    const invitation = await invited({ badge: 'free-again' })
    for (const who of ['officer_wang', 'lead_zhao', 'auditor_wu'] as const) expect(await rpc(who, 'revoke_invitation', { p_id: invitation.id }), who).toEqual({ ok: false, code: 'forbidden' })
    expect(await rpc('chief_far', 'revoke_invitation', { p_id: invitation.id })).toEqual({ ok: false, code: 'not_found' })

    expect(await rpc('chief_qian', 'revoke_invitation', { p_id: invitation.id })).toEqual({ ok: true })

    expect(await read(invitation.token)).toEqual({ ok: false, code: 'invitation_ended' })
    expect(await world.sql`select id from public.outbox where noun_id = ${invitation.id}`).toHaveLength(0)
    expect(await world.sql`select email from private.staff_invitations where id = ${invitation.id}`).toEqual([{ email: null }])
    await invited({ badge: 'free-again', email: invitation.email })
  })

  it('is not for whoever works here, is invited already, or with a number that somebody has', async () => {
    const email = anEmail()
    await invited({ badge: 'taken-1', email })
    const tried = (invite: Record<string, unknown>) => propose('admin_zheng', { kind: 'invite', role: 'officer', invite: { email: anEmail(), name: invitedName, badge_number: 'new-9', locale: 'en', ...invite } })

    expect(await tried({ email: email.toUpperCase() })).toEqual({ ok: false, code: 'already_invited' })
    expect(await tried({ email: world.person.officer_li.email })).toEqual({ ok: false, code: 'already_staff' })
    expect(await tried({ badge_number: 'taken-1' })).toEqual({ ok: false, code: 'badge_taken' })
    expect(await tried({ badge_number: 'officer_li' })).toEqual({ ok: false, code: 'badge_taken' })
    expect(await tried({ email: world.person.amina_resident.email }), 'does not tell that a resident has this address').toMatchObject({ ok: true })
    for (const odd of [{ email: 'nobody' }, { name: { zh: '林' } }, { name: { zh: '', en: '' } }, { locale: 'fr' }, { badge_number: ' ' }]) expect(await tried(odd), JSON.stringify(odd)).toEqual({ ok: false, code: 'invalid_input' })
    expect(await propose('admin_zheng', { kind: 'invite', role: 'mayor', invite: { email: anEmail(), name: invitedName, badge_number: 'new-9', locale: 'en' } })).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('that a chief refuses leaves nothing behind but the decision', async () => {
    const email = anEmail()
    const id = await proposed({ kind: 'invite', role: 'lead', invite: { email, name: invitedName, badge_number: 'never', locale: 'zh' } })
    expect(await decide('chief_sun', id, 'confirmed'), 'a confirmation without a link').toEqual({ ok: false, code: 'invalid_input' })
    expect(await decide('chief_sun', id, 'refused')).toEqual({ ok: true })

    expect(await world.sql`select id from private.staff_invitations where email = ${email}`).toHaveLength(0)
    expect(await logged('staff.change_declined')).toMatchObject([{ details: { proposal: 'invite', badge: 'never', role: 'lead' } }])
  })

  it('wrong links are counted against whoever tries them', async () => {
    const limits = [{ bucket: `test.invitation:${randomBytes(6).toString('hex')}`, times: 2, seconds: 3600 }]
    const codes = []
    for (let times = 0; times < 3; times++) codes.push((await answerOf(world.server.rpc('get_invitation', { p: { token_hash: aHash(), limits } }))).code)

    expect(codes).toEqual(['invitation_ended', 'invitation_ended', 'rate_limited'])
  })
})

describe('the term of invitations and proposals', () => {
  const purge = (more: object = {}) => answerOf(world.server.rpc('purge_people', { p: { limit: 100, ...more } }))
  const age = (id: string, days: number) => world.sql`update private.staff_invitations set sent_at = sent_at - make_interval(days => ${days}), expires_at = expires_at - make_interval(days => ${days}) where id = ${id}`
  /** Past the trigger that keeps proposals as they were made. */
  const ageProposal = (id: string, days: number) => world.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`
    await sql`update public.staff_proposals set proposed_at = proposed_at - make_interval(days => ${days}) where id = ${id}`
  })

  it('takes the address of an invitation that nobody used, fourteen days after its link ended', async () => {
    const [old, young] = [await invited({ badge: 'old' }), await invited({ badge: 'young' })]
    await purge()
    await age(old.id, 7 + 15)
    await age(young.id, 7 + 13)

    expect(await purge({ is_dry: true })).toMatchObject({ ok: true, invitations: 1 })
    expect((await rpc('chief_sun', 'read_retention')).next).toMatchObject({ invitations_expired: 1 })
    expect(await purge()).toMatchObject({ ok: true, invitations: 1, has_more: false })

    expect(await world.sql`select id, email is null as gone from private.staff_invitations where id in (${old.id}, ${young.id}) order by email is null desc`).toEqual([{ id: old.id, gone: true }, { id: young.id, gone: false }])
    expect(await logged('staff.invitation_lapsed')).toMatchObject([{ actor_role: 'system', details: { badge: 'old' } }])
  })

  it('ends what nobody decided in thirty days, with the address of whoever was to be invited', async () => {
    const email = anEmail()
    const [old, young] = [await proposed({ kind: 'invite', role: 'lead', invite: { email, name: invitedName, badge_number: 'waits', locale: 'zh' } }), await proposed({ kind: 'reset_second_factor', staff: idOf('officer_li') })]
    await purge()
    await ageProposal(old, 31)
    await ageProposal(young, 29)

    expect(await purge({ is_dry: true })).toMatchObject({ ok: true, proposals: 1 })
    expect((await rpc('chief_sun', 'read_retention')).next).toMatchObject({ proposals_open: 1 })
    expect(await purge()).toMatchObject({ ok: true, proposals: 1 })

    expect(await world.sql`select id from private.staff_invitations where email = ${email}`).toHaveLength(0)
    expect(await world.sql`select id, decision, decided_by from public.staff_proposals where id in (${old}, ${young}) order by decision`).toEqual([{ id: old, decision: 'lapsed', decided_by: null }, { id: young, decision: null, decided_by: null }])
    expect(await decide('chief_sun', old, 'confirmed', aLink('too late'))).toEqual({ ok: false, code: 'conflict' })
    expect(await logged('staff.change_lapsed')).toMatchObject([{ actor_role: 'system', details: { proposal: 'invite', role: 'lead' } }])
    expect(((await rpc('chief_sun', 'list_people')).proposals as object[])).toContainEqual(expect.objectContaining({ id: old, decision: 'lapsed', email: null }))
  })
})

describe('whoever joins', () => {
  it('is on the list of sessions with their device, and the session that the browser had before has ended', async () => {
    const invitation = await invited()
    const cookies = new Map<string, string>()
    const jar = { name: 'session', isSecure: false, read: () => [...cookies].map(([name, value]) => ({ name, value })), write: (changed: { name: string, value: string }[]) => changed.forEach(({ name, value }) => value ? cookies.set(name, value) : cookies.delete(name)) }
    const clients = createClients(world.backend)
    const keys = await openKeyRing([{ id: 'k1', key: createSecretKey(randomBytes(32)) }], { list: async () => [], add: async (_id, _purpose, wrapped) => wrapped })
    const services = { clients, keys, settings: { isDemo: false, publicUrl: '' } } as Services
    const token = randomBytes(32).toString('base64url')
    await world.sql`update private.staff_invitations set token_hash = ${invitationTokenHash(keys, token)} where id = ${invitation.id}`
    const visit = () => openVisit(world.backend, jar, 'Mozilla/5.0 (Linux; Android 15) Chrome/141.0', '192.0.2.7')
    const resident = world.person.amina_resident
    await visit().signInWithPassword(resident.email, resident.password)
    const earlier = await visit().readActor()

    await acceptInvitation(services, visit(), { token, password: 'kettle drum orchard', limits: [] })

    expect((await visit().readActor())?.userId).toBe(invitation.userId)
    expect(await world.sql`select id from auth.sessions where id = ${earlier?.sessionId ?? ''}`, 'the earlier session').toHaveLength(0)
    expect(await world.sql`select browser, system from private.session_devices where user_id = ${invitation.userId}`).toEqual([{ browser: 'chrome', system: 'android' }])
  })
})

describe('the first two people of a station', () => {
  const person = (role: string, changes: Record<string, unknown> = {}) => ({ role, email: anEmail(), name: invitedName, badge_number: `${role}-1`, locale: 'zh', ...aLink(randomBytes(8).toString('hex')), ...changes })
  const inviteFirst = (station: string, people: unknown[]) => answerOf(world.server.rpc('invite_first_staff', { p: { station, people } }))
  async function aNewStation(): Promise<string> {
    const [row] = await world.sql<{ id: string }[]>`insert into public.stations (slug, name) values (${`new-${randomBytes(5).toString('hex')}`}, ${world.sql.json(invitedName)}) returning id`
    return row?.id ?? ''
  }

  it('are one chief and one administrator, and only while no chief is at work', async () => {
    const station = await aNewStation()
    expect(await inviteFirst(world.station.home, [person('chief'), person('admin')])).toEqual({ ok: false, code: 'already_set_up' })
    for (const odd of [[person('chief')], [person('chief'), person('chief')], [person('chief'), person('admin'), person('officer')], [person('chief', { email: 'same@station.example' }), person('admin', { email: 'same@station.example' })]]) {
      expect(await inviteFirst(station, odd)).toEqual({ ok: false, code: 'invalid_input' })
    }
    const [token, email] = ['the first chief', anEmail()]

    expect(await inviteFirst(station, [person('chief', { email, ...aLink(token) }), person('admin')])).toMatchObject({ ok: true })

    const { user_id: userId } = await read(token)
    await makeUser({ userId: String(userId), email })
    expect(await accept(token)).toEqual({ ok: true, role: 'chief' })
    expect(await inviteFirst(station, [person('chief'), person('admin')])).toEqual({ ok: false, code: 'already_set_up' })
  })

  it('asked again before the chief has come, the new links work and the old ones do not', async () => {
    const station = await aNewStation()
    const [chief, admin] = [person('chief', aLink('first try')), person('admin')]
    await inviteFirst(station, [chief, admin])

    expect(await inviteFirst(station, [{ ...chief, ...aLink('second try') }, { ...admin, ...aLink('second admin') }])).toMatchObject({ ok: true })

    expect(await read('first try')).toEqual({ ok: false, code: 'invitation_ended' })
    expect(await read('second try')).toMatchObject({ ok: true, role: 'chief' })
  })

  it('asked again with something wrong, the links that are out go on working', async () => {
    const station = await aNewStation()
    const [chief, admin] = [person('chief', aLink('a good link')), person('admin', aLink('a good link, too'))]
    await inviteFirst(station, [chief, admin])

    const email = world.person.officer_li.email
    for (const [wrong, code] of [[{ email: 'chief at station' }, 'invalid_input'], [{ email }, 'already_staff'], [{ badge_number: 'admin-1' }, 'invalid_input'], [{ name: { zh: '', en: '' } }, 'invalid_input']] as const) {
      expect(await inviteFirst(station, [{ ...chief, ...aLink('never'), ...wrong }, { ...admin, ...aLink('never, too') }]), JSON.stringify(wrong)).toEqual({ ok: false, code })
    }

    expect(await read('a good link')).toMatchObject({ ok: true, role: 'chief' })
    expect(await read('a good link, too')).toMatchObject({ ok: true, role: 'admin' })
  })

  it('once the administrator is at work only the chief is invited anew, and the administrator cannot take that back', async () => {
    const station = await aNewStation()
    const [chief, admin] = [person('chief', aLink('lost')), person('admin', aLink('used'))]
    await inviteFirst(station, [chief, admin])
    const { user_id: userId } = await read('used')
    await makeUser({ userId: String(userId), email: admin.email })
    await accept('used')

    expect(await inviteFirst(station, [{ ...chief, ...aLink('not both') }, { ...admin, ...aLink('not again') }])).toEqual({ ok: false, code: 'invalid_input' })
    expect(await read('lost'), 'what was refused ended nothing').toMatchObject({ ok: true })
    expect(await inviteFirst(station, [{ ...chief, ...aLink('found') }])).toMatchObject({ ok: true })

    expect(await read('lost')).toEqual({ ok: false, code: 'invitation_ended' })
    expect(await read('found')).toMatchObject({ ok: true, role: 'chief' })
    const [invitation] = await world.sql<{ id: string }[]>`select id from private.staff_invitations where station_id = ${station} and role = 'chief' and token_hash is not null`
    const theAdmin = await signInStaff(world.backend, { id: String(userId), email: admin.email, password: 'a long pass phrase' })
    expect(await answerOf(theAdmin.rpc('revoke_invitation', { p_id: invitation?.id }))).toEqual({ ok: false, code: 'last_of_role' })
    expect(await read('found')).toMatchObject({ ok: true })
  })
})
