import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aLink, anEmail, invitedName, peopleActs } from './people-builder.ts'
import { aHash, answerOf, deskCall } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World

// Each test changes who works here: each has its own station.
beforeEach(async () => {
  world = await buildWorld()
})
afterEach(() => world?.close())

const { rpc, propose, proposed, decide, logged, invited, read, accept, makeUser } = peopleActs(() => world)

describe('an invitation', () => {
  it('is mailed once a chief confirmed it, shows what it is for, and makes a member of staff', async () => {
    const invitation = await invited({ badge: '088130' })
    const mails = await world.sql`select template, recipient_id, recipient_sealed is not null as sealed, locale from public.outbox where noun = 'staff' and noun_id = ${invitation.id}`
    expect(mails).toEqual([{ template: 'staff.invited', recipient_id: null, sealed: true, locale: 'zh' }])
    expect(await read(invitation.token)).toMatchObject({ ok: true, email: invitation.email, role: 'officer', badge_number: '088130', name: invitedName, user_id: invitation.userId })
    await makeUser(invitation)

    expect(await accept(invitation.token, { name: { zh: '林晓晓', en: 'Lin Xiaoxiao' } })).toEqual({ ok: true, role: 'officer' })

    expect(await world.sql`select role, badge_number, name, is_active from public.staff where user_id = ${invitation.userId}`).toEqual([{ role: 'officer', badge_number: '088130', name: { zh: '林晓晓', en: 'Lin Xiaoxiao' }, is_active: true }])
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
})
