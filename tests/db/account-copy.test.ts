import { afterAll, beforeAll, expect, it } from 'vitest'
import { aHash, aNamedReport, aReport, answerOf, sealed } from './reports-builder.ts'
import { type World, buildWorld, sessionOf } from './world.ts'

let world: World
const server = async (name: string, p: Record<string, unknown>) => answerOf(world.server.rpc(name, { p }))

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

it('a copy names the caller\'s named and sealed reports, and no others', async () => {
  const hash = aHash()
  const named = await aNamedReport(world, 'amina_resident', { contact_sealed: sealed('contact'), contact_key: sealed('contact key') })
  const kept = await aReport(world, { contact_mode: 'sealed', owner_hash: hash, ...await world.actor('amina_resident') })
  await aNamedReport(world, 'bo_resident')
  await aReport(world, await world.actor('amina_resident'))
  const by = { ...await world.actor('amina_resident'), owner_hash: hash, limits: [] }

  const copy = await server('export_account', by)

  expect(copy).toMatchObject({ ok: true, account: { email: world.person.amina_resident.email } })
  expect((copy.reports as string[]).toSorted()).toEqual([named.reference, kept.reference].toSorted())
  expect(await server('export_report', { ...by, reference: named.reference })).toMatchObject({ ok: true, viewer: 'reporter', contact_sealed: sealed('contact') })
  expect(await server('export_report', { ...by, reference: (await aNamedReport(world, 'bo_resident')).reference })).toEqual({ ok: false, code: 'not_found' })
})

it('that a copy was made is in the log, without saying whose', async () => {
  const before = await world.sql`select count(*)::int as n from public.audit_log where action = 'account.exported'`
  await server('export_account', { ...await world.actor('bo_resident'), owner_hash: aHash() })
  const rows = await world.sql`select * from public.audit_log where action = 'account.exported' order by id`

  expect(rows).toHaveLength(Number(before[0]?.n) + 1)
  expect(rows.at(-1)).toMatchObject({ actor_id: null, noun_id: null, details: {} })
})

it('a linked Telegram chat is in the copy: that there is one, since when and for what; never which', async () => {
  const by = { ...await world.actor('amina_resident'), owner_hash: aHash(), limits: [] }
  const [chat, handle] = [aHash(), sealed('chat id')]
  const before = await server('export_account', by)
  await world.sql`insert into private.telegram_links (user_id, chat_hash, handle_sealed, linked_at) values (${world.person.amina_resident.id}, ${chat}, ${handle}, now())`

  const copy = await server('export_account', by)

  await world.sql`delete from private.telegram_links`
  expect(before).toMatchObject({ ok: true, telegram: null })
  expect(copy.telegram).toEqual({ linked_at: expect.any(String), news: 'both' })
  expect(JSON.stringify(copy)).not.toContain(chat)
  expect(JSON.stringify(copy)).not.toContain(handle)
})

it('a session older than ten minutes has to sign in again: for the copy, for each report, and the page knows', async () => {
  const client = await world.backend.signInAs(world.person.bo_resident)
  const by = { actor: world.person.bo_resident.id, session: await sessionOf(client), owner_hash: aHash() }
  const { reference } = await aNamedReport(world, 'bo_resident')
  expect((await client.rpc('is_signed_in_recently')).data).toBe(true)

  await world.sql`update auth.sessions set created_at = now() - interval '11 minutes' where id = ${by.session}`

  expect((await client.rpc('is_signed_in_recently')).data).toBe(false)
  expect(await server('export_account', by)).toEqual({ ok: false, code: 'sign_in_again' })
  expect(await server('export_report', { ...by, reference })).toEqual({ ok: false, code: 'sign_in_again' })
})

it('copies are limited', async () => {
  const by = { ...await world.actor('amina_resident'), owner_hash: aHash(), limits: [{ bucket: aHash(), times: 1, seconds: 3600 }] }

  expect(await server('export_account', by)).toMatchObject({ ok: true })
  expect(await server('export_account', by)).toMatchObject({ ok: false, code: 'rate_limited' })
})

it('the mails about own reports and to the account are in the copy, without codes and addresses; those to staff are not', async () => {
  const hash = aHash()
  const named = await aNamedReport(world, 'amina_resident')
  const kept = await aReport(world, { contact_mode: 'sealed', owner_hash: hash, contact_sealed: sealed('c'), contact_key: sealed('k'), notify_sealed: sealed('address'), ...await world.actor('amina_resident') })
  await world.sql`insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale) values ('email', 'revisits.overdue', 'reports', ${kept.id}, ${world.person.lead_zhao.id}, 'zh')`
  await world.sql`insert into public.outbox (channel, template, noun, recipient_sealed, params_sealed, locale) values ('email', 'accounts.code', 'accounts', ${sealed('address')}, ${sealed('123456')}, 'zh')`
  const by = { ...await world.actor('amina_resident'), owner_hash: hash }
  const mail = { at: expect.any(String), template: 'reports.received', channel: 'email', status: 'queued', settled_at: null }

  const { mails } = await server('export_account', { ...by, limits: [] })

  expect((mails as { reference: string }[]).filter(({ reference }) => [named.reference, kept.reference].includes(reference))).toEqual([{ ...mail, reference: named.reference }, { ...mail, reference: kept.reference }])
  expect(JSON.stringify(mails)).not.toContain('accounts.code')
  expect(await server('export_report', { ...by, reference: kept.reference })).toMatchObject({ mails: [mail] })
})
