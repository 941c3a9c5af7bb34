import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { patrolActs } from './patrols-builder.ts'
import { answerOf, sealed } from './reports-builder.ts'
import { buildWorld, type Resident, type World } from './world.ts'

let world: World
const { enrolled, aShift, own, signUp, stateOf, clear } = patrolActs(() => world)

beforeAll(async () => { world = await buildWorld() })
afterAll(() => world?.close())
beforeEach(async () => {
  await clear()
  await world.sql`delete from private.telegram_links`
})

/** Links the account of somebody with a chat of Telegram. */
async function linked(who: Resident, news = 'both'): Promise<string> {
  const chat = `index-1:${randomBytes(32).toString('hex')}`
  await world.sql`insert into private.telegram_links (user_id, chat_hash, handle_sealed, news, linked_at) values (${world.person[who].id}, ${chat}, ${sealed('chat id')}, ${news}, now())`
  return chat
}
const byChat = (name: 'get_own_patrols' | 'change_own_place', p: Record<string, unknown>) => answerOf(world.server.rpc(name, { p } as never))

describe('a volunteer in a chat of Telegram', () => {
  it('signs up and leaves for the account that the chat is linked with', async () => {
    const [amina, shift] = [await enrolled('amina_resident'), await aShift()]
    const chat = await linked('amina_resident')

    expect(await byChat('change_own_place', { chat, act: 'sign_up', shift })).toMatchObject({ ok: true, state: 'confirmed' })
    expect((await byChat('get_own_patrols', { chat })).shifts).toMatchObject([{ id: shift, mine: { state: 'confirmed' } }])
    expect(await byChat('change_own_place', { chat, act: 'leave', shift })).toMatchObject({ ok: true })
    expect(await stateOf(shift, amina)).toBe('left')
  })

  it('a chat without an account reads and does nothing', async () => {
    const shift = await aShift()
    const chat = `index-1:${randomBytes(32).toString('hex')}`

    expect(await byChat('get_own_patrols', { chat })).toEqual({ ok: false, code: 'sign_in_required' })
    expect(await byChat('change_own_place', { chat, act: 'sign_up', shift })).toEqual({ ok: false, code: 'sign_in_required' })
  })

  it('nobody but the portal names a chat', async () => {
    await enrolled('amina_resident')
    const chat = await linked('amina_resident')
    const mallory = await world.as('bo_resident')

    for (const name of ['get_own_patrols', 'change_own_place'] as const) {
      expect((await mallory.rpc(name, { p: { chat, act: 'sign_up' } } as never)).error).toMatchObject({ details: 'forbidden' })
      expect((await world.guest.rpc(name, { p: { chat, act: 'sign_up' } } as never)).error?.code).toBe('42501')
    }
  })

  it.each([['both', ['email', 'telegram']], ['telegram', ['telegram']], ['mail', ['email']]] as const)('is told there as they chose (%s) that a place is offered', async (news, channels) => {
    const [, other] = [await enrolled('amina_resident'), await enrolled()]
    const shift = await aShift({ needed: 2, maximum: 2 })
    await linked('amina_resident', news)
    await signUp(await enrolled(), shift)
    await signUp(other, shift)
    await own('amina_resident', 'sign_up', { shift })

    await world.sql`select private.leave_shift(${other}, ${shift})`

    const rows = await world.sql<{ channel: string }[]>`select channel from public.outbox where template = 'patrols.offered' and noun_id = ${shift} and recipient_id = ${world.person.amina_resident.id} order by channel`
    expect(rows.map(({ channel }) => channel)).toEqual(channels)
  })

  it('what staff owe about patrols goes by mail', async () => {
    const chat = await linked('amina_resident')
    await world.sql`update private.telegram_links set user_id = ${world.person.lead_zhao.id} where chat_hash = ${chat}`
    await world.sql`select private.tell_leads(${world.station.home}, 'patrols.empty', ${await aShift()})`

    const rows = await world.sql<{ channel: string }[]>`select channel from public.outbox where template = 'patrols.empty' and recipient_id = ${world.person.lead_zhao.id}`
    expect(rows).toEqual([{ channel: 'email' }])
  })
})
