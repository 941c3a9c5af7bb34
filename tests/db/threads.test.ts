import { randomUUID } from 'node:crypto'
import { setChatHoursSchema } from '#shared/chat/thread-schema'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dutyActs } from './duty-builder.ts'
import { type Submission, aHash, answerOf, deskCall, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const { onDuty, clearRoster } = dutyActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())
beforeEach(async () => {
  await clearRoster()
  await world.sql`update public.outbox set status = 'cancelled' where template = 'chat.waiting' and status = 'queued'`
})

const server = (name: string, p: Submission) => answerOf(world.server.rpc(name, { p }))
const rpc = async (who: Person, name: string, args: object) => answerOf((await world.as(who)).rpc(name, args))
type Thread = { id: string, conversation: string }
async function aThread(changes: Submission = {}): Promise<Thread> {
  const thread = { id: randomUUID(), conversation: randomUUID() }
  // A message to no chat is none: Telegram's conversations are rows.
  if (changes.channel === 'telegram') {
    await world.sql`insert into private.chat_conversations (id, channel, key_hash, handle_sealed, locale, state_sealed) values (${thread.conversation}, 'telegram', ${aHash()}, ${sealed('handle')}, 'en', ${sealed('state')})`
  }
  const messages = [{ id: randomUUID(), from: 'resident', text_sealed: sealed('before'), at: '2026-11-20T08:00:00Z' }, { id: randomUUID(), from: 'bot', text_sealed: sealed('sorry'), at: '2026-11-20T08:00:01Z' }]
  expect(await server('open_thread', { ...thread, channel: 'web', locale: 'en', community: world.community.pingAn, messages, ...changes })).toMatchObject({ ok: true, is_replay: false, thread: { id: thread.id, state: 'waiting' } })
  return thread
}
const say = ({ conversation }: Thread, id = randomUUID()) => server('add_thread_message', { conversation, id, text_sealed: sealed('words') })
const answer = (who: Person, { id }: Thread, changes: Submission = {}) => deskCall(world, who, 'answer_thread', { thread: id, id: randomUUID(), text_sealed: sealed('answer'), ...changes })
const openTexts = (who: Person, { id }: Thread) => rpc(who, 'open_thread_texts', { p_thread: id })
const listed = async (who: Person, view: string) => z.looseObject({ threads: z.array(z.looseObject({ id: z.uuid() })) }).parse(await rpc(who, 'list_threads', { p: { view, limit: 100 } })).threads.map(({ id }) => id)
const logOf = async ({ id }: Thread) => (await world.sql`select actor_role, action from public.audit_log where noun_id = ${id} order by id`).map(row => `${row.actor_role} ${row.action}`)
const told = async () => (await world.sql`select s.badge_number as who from public.outbox o join public.staff s on s.user_id = o.recipient_id where o.template = 'chat.waiting' and o.status = 'queued' and s.station_id = ${world.station.home}`).map(({ who }) => String(who)).sort()

describe('a conversation that goes to a person', () => {
  it('waits, is answered, is answered back, ends and is rated; each step of staff is in the log', async () => {
    const thread = await aThread()
    await say(thread)
    expect(await listed('officer_wang', 'waiting')).toContain(thread.id)

    expect(await openTexts('officer_wang', thread)).toMatchObject({ ok: true, thread: { state: 'waiting' }, messages: [{ from: 'resident', is_before: true }, { from: 'bot', is_before: true }, { from: 'resident', is_before: false }] })
    expect(await answer('officer_wang', thread)).toMatchObject({ ok: true, thread: { state: 'open', waiting_since: null } })
    expect(await listed('officer_wang', 'mine')).toContain(thread.id)
    expect(await listed('lead_zhao', 'colleagues')).toContain(thread.id)
    expect(await say(thread)).toMatchObject({ ok: true, thread: { state: 'open', waiting_since: expect.any(String) } })
    expect(await server('read_own_thread', { conversation: thread.conversation })).toMatchObject({ thread: { state: 'open' }, messages: [{ from: 'resident' }, { from: 'staff', by: { zh: 'officer_wang' } }, { from: 'resident' }] })
    expect(await rpc('officer_wang', 'close_thread', { p_thread: thread.id })).toMatchObject({ ok: true, thread: { state: 'closed', closed_by: 'staff' } })
    expect(await say(thread)).toEqual({ ok: false, code: 'not_found' })
    expect(await server('rate_thread', { conversation: thread.conversation, rating: 4, word_sealed: sealed('quick') })).toMatchObject({ ok: true, thread: { rating: 4 } })
    expect(await server('rate_thread', { conversation: thread.conversation, rating: 1 })).toEqual({ ok: false, code: 'conflict' })
    expect(await server('add_rating_word', { conversation: thread.conversation, word_sealed: sealed('again') })).toEqual({ ok: false, code: 'not_found' })

    expect(await logOf(thread)).toEqual(['system chat.thread_opened', 'officer chat.opened', 'officer chat.answered', 'officer chat.closed', 'guest chat.rated'])
  })

  it('has one thread at a time, and a repeat does nothing twice', async () => {
    const thread = await aThread()
    const message = randomUUID()

    expect(await server('open_thread', { ...thread, channel: 'web', locale: 'en', community: world.community.pingAn })).toMatchObject({ ok: true, is_replay: true, thread: { id: thread.id } })
    expect(await server('open_thread', { ...thread, id: randomUUID(), channel: 'web', locale: 'en', community: world.community.pingAn })).toMatchObject({ ok: true, is_replay: true, thread: { id: thread.id } })
    await say(thread, message)
    expect(await say(thread, message)).toMatchObject({ ok: true, is_replay: true })
    const id = randomUUID()
    await answer('officer_wang', thread, { id })
    expect(await answer('officer_wang', thread, { id })).toMatchObject({ ok: true, is_replay: true })
    expect(await world.sql`select author from private.chat_thread_messages where thread_id = ${thread.id} order by number`).toEqual([{ author: 'resident' }, { author: 'bot' }, { author: 'resident' }, { author: 'staff' }])
  })

  it('on Telegram is answered where it came from, until it is rated', async () => {
    const thread = await aThread({ channel: 'telegram', handle_sealed: sealed('handle') })
    const id = randomUUID()
    await answer('officer_wang', thread, { id })
    await rpc('officer_wang', 'close_thread', { p_thread: thread.id })

    const rows = await world.sql`select channel, template, recipient_sealed from public.outbox where noun = 'chat' and noun_id in (${id}, ${thread.id}) and channel = 'telegram' order by id`
    expect(rows).toEqual([{ channel: 'telegram', template: 'chat.staff_reply', recipient_sealed: sealed('handle') }, { channel: 'telegram', template: 'chat.closed', recipient_sealed: sealed('handle') }])
    expect(await server('read_thread_message', { id })).toMatchObject({ ok: true, conversation: thread.conversation, locale: 'en', text_sealed: sealed('answer') })
    await server('rate_thread', { conversation: thread.conversation, rating: 5 })
    expect(await world.sql`select handle_sealed from private.chat_threads where id = ${thread.id}`).toEqual([{ handle_sealed: null }])
  })

  it('is rated with a number first, and a word within a day', async () => {
    const thread = await aThread()
    const word = (text: string) => server('add_rating_word', { conversation: thread.conversation, word_sealed: sealed(text) })
    await server('leave_thread', { conversation: thread.conversation })
    expect(await word('before any number')).toEqual({ ok: false, code: 'not_found' })
    await server('rate_thread', { conversation: thread.conversation, rating: 2 })

    expect(await word('slow')).toEqual({ ok: true })
    expect(await word('slow')).toEqual({ ok: false, code: 'not_found' })
    expect(await openTexts('lead_zhao', thread)).toMatchObject({ thread: { rating: 2, rating_word_sealed: sealed('slow') } })
  })

  it('is ended by the resident, who is back with the assistant', async () => {
    const thread = await aThread()

    expect(await server('leave_thread', { conversation: thread.conversation })).toMatchObject({ ok: true, thread: { state: 'closed', closed_by: 'resident' } })
    expect(await server('leave_thread', { conversation: thread.conversation })).toEqual({ ok: false, code: 'not_found' })
    expect(await answer('officer_wang', thread)).toEqual({ ok: false, code: 'conflict' })
    await aThread({ conversation: thread.conversation })
  })

  it('is forgotten whole when its resident asks for it', async () => {
    const thread = await aThread({ channel: 'telegram', handle_sealed: sealed('handle') })
    await answer('officer_wang', thread)

    expect((await world.sql`select private.forget_threads(${thread.conversation}) as n`)[0]?.n).toBe(1)
    expect(await world.sql`select id from private.chat_threads where id = ${thread.id}`).toEqual([])
    expect(await world.sql`select id from private.chat_thread_messages where thread_id = ${thread.id}`).toEqual([])
    expect(await world.sql`select id from public.outbox where recipient_sealed = ${sealed('handle')} and status = 'queued' and noun_id = ${thread.id}`).toEqual([])
    expect(await logOf(thread)).toContain('guest chat.forgotten')
  })

  it.each([['no conversation', { conversation: null }], ['a handle on the web', { handle_sealed: sealed('h') }], ['Telegram without a handle', { channel: 'telegram' }], ['too much before it', { messages: Array.from({ length: 21 }, () => ({})) }]])('is refused with %s', async (_, changes) => {
    expect(await server('open_thread', { id: randomUUID(), conversation: randomUUID(), channel: 'web', locale: 'en', community: world.community.pingAn, ...changes })).toEqual({ ok: false, code: 'invalid_input' })
  })
})

describe('who reads a thread', () => {
  it.each(['officer_wang', 'lead_zhao', 'chief_sun'] as const)('%s does, and it is logged', async (who) => {
    const thread = await aThread()

    expect(await openTexts(who, thread)).toMatchObject({ ok: true })
    expect(await logOf(thread)).toContain(`${who.split('_')[0]} chat.opened`)
  })

  it('an officer of another community does not (PRODUCT §8), but on duty, or when it became theirs', async () => {
    const thread = await aThread()
    expect(await openTexts('officer_li', thread)).toEqual({ ok: false, code: 'not_found' })
    expect(await listed('officer_li', 'waiting')).not.toContain(thread.id)

    await onDuty('officer_li')
    expect(await openTexts('officer_li', thread)).toMatchObject({ ok: true })
    expect(await answer('officer_li', thread)).toMatchObject({ ok: true })
    await clearRoster()
    expect(await openTexts('officer_li', thread)).toMatchObject({ ok: true })
  })

  it('of no community every officer does while it waits; once a colleague has it, they and their leaders alone', async () => {
    const thread = await aThread()
    await world.sql`update private.chat_threads set community_id = null where id = ${thread.id}`
    expect(await openTexts('officer_li', thread)).toMatchObject({ ok: true })
    expect(await openTexts('officer_wang', thread)).toMatchObject({ ok: true })

    await answer('officer_wang', thread)
    expect(await openTexts('officer_li', thread)).toEqual({ ok: false, code: 'not_found' })
    expect(await listed('officer_li', 'colleagues')).not.toContain(thread.id)
    expect(await openTexts('lead_zhao', thread)).toMatchObject({ ok: true })
  })

  it.each(['auditor_wu', 'admin_zheng', 'chief_far', 'amina_resident'] as const)('%s does not, and staff who tried are in the log of their station', async (who) => {
    const thread = await aThread()
    const tries = async () => (await world.sql`select id from public.audit_log where actor_id = ${world.person[who].id} and action = 'chat.open_refused'`).length
    const before = await tries()

    expect(await openTexts(who, thread)).toEqual({ ok: false, code: 'not_found' })
    expect(await answer(who, thread)).toEqual({ ok: false, code: 'not_found' })
    expect(await rpc(who, 'close_thread', { p_thread: thread.id })).toEqual({ ok: false, code: 'not_found' })
    expect(await rpc(who, 'peek_thread', { p_thread: thread.id })).toEqual({ ok: false, code: 'not_found' })
    expect(await tries() - before).toBe(who === 'amina_resident' ? 0 : 3)
  })

  it('about the police is the station leader alone (RULES A6)', async () => {
    const thread = await aThread({ is_about_police: true })

    for (const who of ['officer_wang', 'lead_zhao'] as const) {
      expect(await listed(who, 'waiting')).not.toContain(thread.id)
      expect(await openTexts(who, thread)).toEqual({ ok: false, code: 'not_found' })
    }
    expect(await openTexts('chief_sun', thread)).toMatchObject({ ok: true })
    expect(await told()).toEqual(['chief_qian', 'chief_sun'])
  })

  it('lists hold no text, and auditor and administrator get none', async () => {
    await aThread()
    expect(JSON.stringify(await rpc('lead_zhao', 'list_threads', { p: {} }))).not.toContain('v1.')
    for (const who of ['auditor_wu', 'admin_zheng', 'amina_resident'] as const) expect(await rpc(who, 'list_threads', { p: {} })).toEqual({ ok: false, code: 'forbidden' })
  })
})

describe('who is told', () => {
  it('whoever is on duty, at once, in one mail for all that waits', async () => {
    await onDuty('officer_li')
    await aThread()
    await aThread()

    expect(await told()).toEqual(['officer_li'])
    expect(await world.sql`select params_sealed, recipient_sealed from public.outbox where template = 'chat.waiting' and recipient_id = ${world.person.officer_li.id} and status = 'queued' and send_after <= now()`).toEqual([{ params_sealed: null, recipient_sealed: null }])
  })

  it('with nobody on duty the leads, when the chat opens', async () => {
    await world.sql`update public.stations set chat_hours = '{"from": "00:00", "to": "00:01", "days": "every"}' where id = ${world.station.home}`
    await aThread()

    expect(await told()).toEqual(['lead_zhao'])
    const [row] = await world.sql`select send_after > now() as later from public.outbox where template = 'chat.waiting' and recipient_id = ${world.person.lead_zhao.id} and status = 'queued'`
    expect(row?.later).toBe(new Date().toLocaleTimeString('sv', { timeZone: 'Asia/Shanghai' }) >= '00:01:00')
  })

  it('the number at the desk is what waits for me', async () => {
    const count = async (who: Person) => Number((await rpc(who, 'count_desk_work', {})).chats)
    const [wang, li, auditor] = [await count('officer_wang'), await count('officer_li'), await count('auditor_wu')]
    const thread = await aThread()
    expect([await count('officer_wang') - wang, await count('officer_li') - li, await count('auditor_wu') - auditor]).toEqual([1, 0, 0])

    await answer('officer_wang', thread)
    expect([await count('officer_wang') - wang, await count('officer_li') - li]).toEqual([0, 0])
    await say(thread)
    expect([await count('officer_wang') - wang, await count('officer_li') - li]).toEqual([1, 0])
  })
})

describe('the hours of the chat', () => {
  const at = async (instant: string, hours: string) => {
    await world.sql`update public.stations set chat_hours = ${hours}::text::jsonb where id = ${world.station.home}`
    const [row] = await world.sql<{ hours: { is_open: boolean, opens_at: string | null } }[]>`select private.chat_hours_at(${world.station.home}, ${instant}) as hours`
    return [row?.hours.is_open, row?.hours.opens_at && new Date(row.hours.opens_at).toISOString()]
  }
  const working = '{"from": "09:00", "to": "18:00", "days": "working"}'

  // 2027-03-05 is a Friday; nine in Shanghai is one in UTC.
  it.each([
    ['open in the morning', '2027-03-05T01:00:00Z', [true, null]],
    ['shut before', '2027-03-05T00:59:59Z', [false, '2027-03-05T01:00:00.000Z']],
    ['shut at the end, until Monday', '2027-03-05T10:00:00Z', [false, '2027-03-08T01:00:00.000Z']],
    ['shut at the weekend', '2027-03-06T04:00:00Z', [false, '2027-03-08T01:00:00.000Z']],
  ])('%s', async (_, instant, expected) => {
    expect(await at(instant, working)).toEqual(expected)
  })

  it('follow the station\'s calendar: a holiday, a weekend day that is worked, a day on which it is closed', async () => {
    const name = world.sql.json({ zh: '测试', en: 'Test' })
    await world.sql`insert into public.calendar_days (station_id, day, kind, name) values (${world.station.home}, '2027-03-08', 'holiday', ${name}), (${world.station.home}, '2027-03-06', 'workday', ${name}), (${world.station.home}, '2027-03-09', 'closed', ${name})`

    expect(await at('2027-03-06T04:00:00Z', working)).toEqual([true, null])
    expect(await at('2027-03-07T04:00:00Z', working)).toEqual([false, '2027-03-10T01:00:00.000Z'])
    expect(await at('2027-03-08T04:00:00Z', '{"from": "09:00", "to": "24:00", "days": "every"}')).toEqual([true, null])
    expect(await at('2027-03-09T04:00:00Z', '{"from": "09:00", "to": "24:00", "days": "every"}')).toEqual([false, '2027-03-10T01:00:00.000Z'])
  })
})

describe('who sets the hours', () => {
  it.each(['lead_zhao', 'chief_sun'] as const)('%s does, and it is in the log', async (who) => {
    const from = who === 'lead_zhao' ? '08:15' : '08:45'
    expect(await rpc(who, 'set_chat_hours', { p: { from, to: '17:30', days: 'every' } })).toMatchObject({ ok: true, hours: { from, to: '17:30', days: 'every' } })
    expect(await world.sql`select details from public.audit_log where actor_id = ${world.person[who].id} and action = 'chat.hours_set'`).toEqual([{ details: { from_hour: from, to_hour: '17:30', days: 'every' } }])
  })

  it.each(['officer_wang', 'auditor_wu', 'admin_zheng', 'amina_resident'] as const)('%s does not', async (who) => {
    expect(await rpc(who, 'set_chat_hours', { p: { from: '01:00', to: '02:00', days: 'every' } })).toEqual({ ok: false, code: 'forbidden' })
  })

  it.each([{}, { from: '09:00', to: '08:00', days: 'every' }, { from: '9:00', to: '18:00', days: 'every' }, { from: '09:00', to: '24:01', days: 'every' }, { from: '09:00', to: '18:00', days: 'never' }, { from: '09:00', to: '18:00', days: 'every', more: 1 }])('%j is refused, by the form and by the database', async (p) => {
    expect(setChatHoursSchema.safeParse(p).success).toBe(false)
    expect(await rpc('chief_sun', 'set_chat_hours', { p })).toEqual({ ok: false, code: 'invalid_input' })
  })
})

describe('who waits too long', () => {
  const climb = (changes: Submission = {}) => server('climb_threads', { limit: 100, ...changes })
  const hours = (from: string, to: string) => world.sql`update public.stations set chat_hours = jsonb_build_object('from', ${from}::text, 'to', ${to}::text, 'days', 'every') where id = ${world.station.home}`
  const age = ({ id }: Thread, minutes: number) => world.sql`update private.chat_threads set waiting_since = now() - make_interval(mins => ${minutes}) where id = ${id}`
  const toldOf = async ({ id }: Thread) => (await world.sql`select details ->> 'people' as people from public.audit_log where noun_id = ${id} and action = 'chat.lead_told'`).length
  beforeEach(async () => {
    await hours('00:00', '24:00')
    await world.sql`update private.chat_threads set waiting_since = now(), lead_told_at = null where station_id = ${world.station.home} and state <> 'closed' and waiting_since is not null`
    await world.sql`update public.outbox set status = 'cancelled' where template = 'chat.late' and status = 'queued'`
  })

  it('is told to the team leader after half an hour, once for each wait, without a word of it', async () => {
    const [late, fresh] = [await aThread(), await aThread()]
    await age(late, 31)
    await age(fresh, 29)

    expect(await climb({ is_dry: true })).toMatchObject({ told: 1 })
    await climb()
    await climb()
    expect([await toldOf(late), await toldOf(fresh)]).toEqual([1, 0])
    expect(await world.sql`select recipient_id, params_sealed from public.outbox where template = 'chat.late' and status = 'queued' and noun_id = ${late.id}`).toEqual([{ recipient_id: world.person.lead_zhao.id, params_sealed: null }])

    await answer('officer_wang', late)
    await say(late)
    await world.sql`update private.chat_threads set lead_told_at = now() - interval '2 hours' where id = ${late.id}`
    await age(late, 45)
    await climb()
    expect(await toldOf(late)).toBe(2)
  })

  it('waits on over midnight where the chat never closes, and from the first hour of the day where it does', async () => {
    // It is ten past midnight at the station.
    await world.sql`update public.stations set time_zone = '<x>' || to_char(((now() at time zone 'UTC') - (date_trunc('day', now() at time zone 'UTC') + interval '10 minutes')), 'HH24:MI') where id = ${world.station.home}`
    try {
      const late = await aThread()
      await age(late, 31)
      await hours('00:00', '23:59')
      await climb()
      expect(await toldOf(late), 'closed for a minute').toBe(0)
      await hours('00:00', '24:00')
      await climb()
      expect(await toldOf(late)).toBe(1)
    }
    finally {
      await world.sql`update public.stations set time_zone = 'Asia/Shanghai' where id = ${world.station.home}`
    }
  })

  it('about the police is told to the station leaders, and outside the hours nobody is told', async () => {
    const police = await aThread({ is_about_police: true })
    await age(police, 31)
    // Far from now, whatever the hour is.
    const isMorning = new Date().toLocaleTimeString('sv', { timeZone: 'Asia/Shanghai' }) < '12:00'
    await (isMorning ? hours('20:00', '21:00') : hours('06:00', '07:00'))
    await climb()
    expect(await toldOf(police)).toBe(0)
    await hours('00:00', '24:00')
    await climb()
    expect((await world.sql`select recipient_id from public.outbox where template = 'chat.late' and noun_id = ${police.id}`).map(row => row.recipient_id).sort()).toEqual([world.person.chief_sun.id, world.person.chief_qian.id].sort())
  })
})

describe('the end', () => {
  it('three days without a word end an answered thread, thirty one that waits; the closed ones go after their term', async () => {
    const [answered, waiting, over, fresh] = [await aThread(), await aThread(), await aThread(), await aThread()]
    await answer('officer_wang', answered)
    await rpc('officer_wang', 'close_thread', { p_thread: over.id })
    await world.sql`update private.chat_threads set last_at = now() - interval '3 days 1 hour' where id in (${answered.id}, ${waiting.id})`
    await world.sql`update private.chat_threads set closed_at = now() - interval '31 days' where id = ${over.id}`

    expect(await server('retain_threads', { limit: 100, is_dry: true })).toMatchObject({ ok: true, ended: expect.any(Number), removed: expect.any(Number) })
    expect(await server('retain_threads', { limit: 100 })).toMatchObject({ ok: true, has_more: false })

    const rows = await world.sql`select id, state, closed_by from private.chat_threads where id in (${answered.id}, ${waiting.id}, ${over.id}, ${fresh.id})`
    expect(Object.fromEntries(rows.map(row => [row.id, `${row.state} ${row.closed_by}`]))).toEqual({ [answered.id]: 'closed system', [waiting.id]: 'waiting null', [fresh.id]: 'waiting null' })
  })
})
