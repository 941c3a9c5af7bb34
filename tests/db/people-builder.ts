import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { type Answer, aHash, answerOf, deskCall, sealed } from './reports-builder.ts'
import type { Staff, World } from './world.ts'

export type Invited = { id: string, token: string, email: string, userId: string }

export const invitedName = { zh: '林晓', en: 'Lin Xiao' }
export const anEmail = () => `p-${randomBytes(6).toString('hex')}@station.example`
/** What the portal makes of a link: the hash of its token, and both sealed for the outbox. */
export const aLink = (token: string) => ({ token_hash: aHash(token), recipient_sealed: sealed('address'), params_sealed: sealed('token') })

/** What people do with people, as each of them, in the world of a test. */
export function peopleActs(world: () => World) {
  const idOf = (who: Staff) => world().person[who].id
  const rpc = async (who: Staff, fn: string, args: Record<string, unknown>) => answerOf((await world().as(who)).rpc(fn, args))
  const propose = (who: Staff, p: Record<string, unknown>) => rpc(who, 'propose_staff_change', { p: { reason: 'as agreed on Monday', ...p } })
  /** A proposal that the administrator made. */
  const proposed = async (p: Record<string, unknown>) => String((await propose('admin_zheng', p)).id)
  const decide = (who: Staff, id: unknown, decision: string, more: Record<string, unknown> = {}): Promise<Answer> => deskCall(world(), who, 'decide_staff_proposal', { id, decision, ...more })
  const logged = (action: string) => world().sql`select actor_id, actor_role, details from public.audit_log where station_id = ${world().station.home} and action = ${action} order by id`
  const staffRow = async (who: Staff) => (await world().sql`select role, is_active, badge_number from public.staff where user_id = ${idOf(who)}`)[0]
  const sessionsOf = async (who: Staff) => (await world().sql`select id from auth.sessions where user_id = ${idOf(who)}`).length

  /** Proposed and confirmed: the mail is on its way. */
  async function invited({ role = 'officer', badge = 'new-1', email = anEmail() } = {}): Promise<Invited> {
    const id = await proposed({ kind: 'invite', role, invite: { email, name: invitedName, badge_number: badge, locale: 'zh' } })
    const token = randomBytes(8).toString('hex')
    expect(await decide('chief_sun', id, 'confirmed', aLink(token))).toEqual({ ok: true })
    const [row] = await world().sql<{ id: string, user_id: string }[]>`select i.id, i.user_id from private.staff_invitations i join public.staff_proposals q on q.invitation_id = i.id where q.id = ${id}`
    return { id: row?.id ?? '', token, email, userId: row?.user_id ?? '' }
  }
  const read = (token: string) => answerOf(world().server.rpc('get_invitation', { p: { token_hash: aHash(token), limits: [] } }))
  const accept = (token: string, more: Record<string, unknown> = {}) => answerOf(world().server.rpc('accept_invitation', { p: { token_hash: aHash(token), ...more } }))
  const makeUser = ({ userId, email }: Pick<Invited, 'userId' | 'email'>) => world().server.auth.admin.createUser({ id: userId, email, password: 'a long pass phrase', email_confirm: true })
  async function join(invitation: Invited): Promise<string> {
    await makeUser(invitation)
    expect(await accept(invitation.token)).toMatchObject({ ok: true })
    return invitation.userId
  }
  return { idOf, rpc, propose, proposed, decide, logged, staffRow, sessionsOf, invited, read, accept, makeUser, join }
}
