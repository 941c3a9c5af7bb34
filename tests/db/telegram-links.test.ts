import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClients } from '../../server/db/clients.ts'
import { telegramLinks } from '../../server/db/telegram-links.ts'
import { dutyActs } from './duty-builder.ts'
import { aNamedReport, aReport, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
let links: ReturnType<typeof telegramLinks>

beforeAll(async () => {
  world = await buildWorld()
  const { url, publishableKey, secretKey } = world.backend
  links = telegramLinks(createClients({ url, publishableKey, secretKey }))
  await world.server.rpc('announce_bot', { p: { username: 'linli_test_bot' } })
})
afterAll(() => world?.close())
beforeEach(() => dutyActs(() => world).clearRoster())

const hash = () => `index-1:${randomBytes(32).toString('hex')}`
/** Links the account of somebody with a chat; answers the chat's hash. */
async function link(person: Person, chat = hash()) {
  const token = hash()
  await links.make(await world.actor(person), token, [])
  await links.redeem({ token_hash: token, update_hash: hash(), chat_hash: chat, handle_sealed: sealed('chat id') })
  return chat
}
const mailsOf = (report: string) => world.sql<{ channel: string, template: string, recipient_id: string | null }[]>`select channel, template, recipient_id from public.outbox where noun_id = ${report} order by channel`

describe('linking an account with a chat', () => {
  it('a token works once, for the account that made it, and the same tap repeated is no second use', async () => {
    const [token, update, chat] = [hash(), hash(), hash()]
    await links.make(await world.actor('amina_resident'), token, [])
    const redeem = (by: string) => links.redeem({ token_hash: token, update_hash: by, chat_hash: chat, handle_sealed: sealed('id') })

    const peeked = await links.peek(token)
    const first = await redeem(update)
    const repeated = await redeem(update)

    expect(peeked.account).toMatch(/^a•••@/)
    expect(first.account).toBe(repeated.account)
    await expect(redeem(hash())).rejects.toMatchObject({ code: 'not_found' })
    await expect(links.peek(token)).rejects.toMatchObject({ code: 'not_found' })
    expect(await links.ofChat(chat)).toMatchObject({ user_id: world.person.amina_resident.id })
  })

  it('a token that is too old, and one that a newer took the place of, work no more', async () => {
    const [old, replaced, newest] = [hash(), hash(), hash()]
    await links.make(await world.actor('bo_resident'), old, [])
    await world.sql`update private.telegram_link_tokens set expires_at = now() - interval '1 second' where token_hash = ${old}`
    await expect(links.peek(old)).rejects.toMatchObject({ code: 'not_found' })
    await world.server.rpc('purge_bot', { p: { limit: 100 } })
    expect(await world.sql`select 1 from private.telegram_link_tokens where token_hash = ${old}`).toEqual([])
    await links.make(await world.actor('bo_resident'), replaced, [])
    await links.make(await world.actor('bo_resident'), newest, [])

    await expect(links.peek(replaced)).rejects.toMatchObject({ code: 'not_found' })
    await expect(links.peek(newest)).resolves.toMatchObject({ ok: true })
  })

  it('one chat has one account and one account one chat; the newest link holds', async () => {
    const chat = await link('amina_resident')
    await link('bo_resident', chat)
    const other = await link('bo_resident')

    expect((await links.ofChat(chat)).user_id).toBeNull()
    expect((await links.ofChat(other)).user_id).toBe(world.person.bo_resident.id)
    expect((await links.read(await world.actor('amina_resident'))).link).toBeNull()
  })

  it('keeps the chat\'s id sealed only, and both acts in the log without a name', async () => {
    await link('amina_resident')
    await links.unlink(await world.actor('amina_resident'))

    const log = await world.sql`select action, actor_id, actor_role, details from public.audit_log where action like 'account.telegram%' order by id desc limit 2`
    expect(log).toEqual([
      { action: 'account.telegram_unlinked', actor_id: null, actor_role: 'resident', details: {} },
      { action: 'account.telegram_linked', actor_id: null, actor_role: 'resident', details: {} },
    ])
  })

  it('a session that ended links nothing', async () => {
    const { actor } = await world.actor('amina_resident')

    await expect(links.make({ actor, session: '00000000-0000-4000-8000-000000000000' }, hash(), [])).rejects.toMatchObject({ code: 'session_ended' })
  })

  it('goes with the account that is erased', async () => {
    const persona = await world.backend.createUser('leaving_resident')
    const chat = hash()
    await world.sql`insert into private.telegram_links (user_id, chat_hash, handle_sealed, linked_at) values (${persona.id}, ${chat}, ${sealed('id')}, now())`

    await world.sql`insert into private.account_erasures (user_id, asked_at) values (${persona.id}, now())`

    expect((await links.ofChat(chat)).user_id).toBeNull()
  })

  it('an erased account leaves neither a link, nor an account of the chat\'s conversation, nor a chat that its reports would be told in', async () => {
    const chat = await link('bo_resident')
    await world.sql`insert into private.chat_conversations (id, channel, key_hash, handle_sealed, locale, state_sealed) values (${randomUUID()}, 'telegram', ${chat}, ${sealed('handle')}, 'en', ${sealed('state')})`
    const ownerHash = hash()
    const named = await aNamedReport(world, 'bo_resident')
    const kept = await aReport(world, { contact_mode: 'sealed', owner_hash: ownerHash, ...await world.actor('bo_resident') })
    for (const { reference } of [named, kept]) await world.server.rpc('follow_by_telegram', { p: { reference, chat_hash: chat, handle_sealed: sealed('chat id') } })

    const { data } = await world.server.rpc('erase_account', { p: { ...await world.actor('bo_resident'), owner_hash: ownerHash } })

    expect(data).toMatchObject({ ok: true })
    expect((await links.ofChat(chat)).user_id).toBeNull()
    expect(await world.sql`select user_id from private.chat_conversations where key_hash = ${chat}`).toEqual([{ user_id: null }])
    expect(await world.sql`select 1 from private.telegram_followers f where f.report_id in (${named.id}, ${kept.id})`).toEqual([])
    expect(await world.sql`select 1 from public.outbox where channel = 'telegram' and noun_id in (${named.id}, ${kept.id})`).toEqual([])
  })
})

describe('news of a linked account', () => {
  it('of a named report come to the chat as well, or instead, as the owner chose', async () => {
    await link('amina_resident')
    const [both, telegram, mail] = [await (async () => aNamedReport(world, 'amina_resident'))(), await (async () => {
      await links.setNews(await world.actor('amina_resident'), 'telegram')
      return aNamedReport(world, 'amina_resident')
    })(), await (async () => {
      await links.setNews(await world.actor('amina_resident'), 'mail')
      return aNamedReport(world, 'amina_resident')
    })()]

    expect((await mailsOf(both.id)).map(({ channel }) => channel)).toEqual(['email', 'telegram'])
    expect((await mailsOf(telegram.id)).map(({ channel }) => channel)).toEqual(['telegram'])
    expect((await mailsOf(mail.id)).map(({ channel }) => channel)).toEqual(['email'])
  })

  it('of a sealed report stay mails: the database does not know whose it is (RULES B1)', async () => {
    await link('amina_resident')

    const filed = await aReport(world, { contact_mode: 'sealed', notify_sealed: sealed('someone@example.org') })

    expect((await mailsOf(filed.id)).map(({ channel }) => channel)).toEqual(['email'])
  })

  it.each(['anonymous', 'sealed'])('of an %s report come to the chat in which its reporter asked for it, wherever it was filed', async (mode) => {
    const chat = hash()
    const filed = await aReport(world, { contact_mode: mode, ...(mode === 'sealed' && { notify_sealed: sealed('someone@example.org') }) })
    const before = await mailsOf(filed.id)
    await world.server.rpc('follow_by_telegram', { p: { reference: filed.reference, chat_hash: chat, handle_sealed: sealed('chat id') } })

    await world.sql`select private.notify_reporter(r, 'reports.status_changed') from public.reports r where r.id = ${filed.id}`

    const news = (await mailsOf(filed.id)).slice(before.length)
    expect(before.map(({ channel }) => channel)).toEqual(mode === 'sealed' ? ['email'] : [])
    expect(await world.sql`select chat_hash, recipient_id, params_sealed from public.outbox where noun_id = ${filed.id} and channel = 'telegram'`).toEqual([{ chat_hash: chat, recipient_id: null, params_sealed: null }])
    expect(news).toHaveLength(mode === 'sealed' ? 2 : 1)
  })

  it('of a named report that its owner follows in the linked chat, too, come once', async () => {
    const chat = await link('amina_resident')
    const filed = await aNamedReport(world, 'amina_resident')
    await world.server.rpc('follow_by_telegram', { p: { reference: filed.reference, chat_hash: chat, handle_sealed: sealed('chat id') } })
    await world.sql`delete from public.outbox where noun_id = ${filed.id}`

    await world.sql`select private.notify_reporter(r, 'reports.status_changed') from public.reports r where r.id = ${filed.id}`

    expect((await mailsOf(filed.id)).map(({ channel }) => channel)).toEqual(['email', 'telegram'])
  })

  it('never of a report whose reporter is to be reached in the portal alone (RULES D3)', async () => {
    const filed = await aReport(world, { is_portal_only: true })

    const { data } = await world.server.rpc('follow_by_telegram', { p: { reference: filed.reference, chat_hash: hash(), handle_sealed: sealed('chat id') } })

    expect(data).toEqual({ ok: false, code: 'forbidden' })
  })

  it('what waits is not sent to a chat that was unlinked', async () => {
    await link('amina_resident')
    const filed = await aNamedReport(world, 'amina_resident')

    await links.unlink(await world.actor('amina_resident'))

    expect((await mailsOf(filed.id)).map(({ channel }) => channel)).toEqual(['email'])
  })

  it('that somebody waits in the chat comes to linked staff once for all that wait, beside the mail and without content', async () => {
    const chat = await link('officer_wang')
    await dutyActs(() => world).onDuty('officer_wang')
    await world.sql`delete from public.outbox where template like 'chat.%'`
    const aThread = () => world.server.rpc('open_thread', { p: { id: randomUUID(), conversation: randomUUID(), channel: 'web', locale: 'en', community: world.community.pingAn, messages: [] } })

    await aThread()
    await world.sql`update public.outbox set status = 'sent', settled_at = now() where template = 'chat.waiting' and channel = 'email'`
    await aThread()

    const rows = await world.sql`select channel, status, chat_hash, recipient_sealed, params_sealed from public.outbox where template = 'chat.waiting' and recipient_id = ${world.person.officer_wang.id} order by id`
    const [mail, telegram] = [{ chat_hash: null, recipient_sealed: null, params_sealed: null, channel: 'email' }, { chat_hash: chat, recipient_sealed: null, params_sealed: null, channel: 'telegram' }]
    expect(rows).toHaveLength(3)
    expect(rows).toEqual(expect.arrayContaining([{ ...mail, status: 'sent' }, { ...telegram, status: 'queued' }, { ...mail, status: 'queued' }]))
  })

  it('an urgent report calls whoever is on duty and linked by Telegram, too, with a reference and no words', async () => {
    const chat = await link('officer_wang')
    await dutyActs(() => world).onDuty('officer_wang')

    const filed = await aReport(world, { category: 'test_violence' })

    expect((await mailsOf(filed.id)).map(({ channel, template }) => `${channel} ${template}`)).toEqual(['email duty.urgent', 'telegram duty.urgent'])
    expect(await world.sql`select chat_hash, recipient_sealed, params_sealed from public.outbox where noun_id = ${filed.id} and channel = 'telegram'`).toEqual([{ chat_hash: chat, recipient_sealed: null, params_sealed: null }])
  })
})
