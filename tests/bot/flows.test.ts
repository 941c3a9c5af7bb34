import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import sharp from 'sharp'
import { makeTelegramLink } from '../../server/domain/accounts/link-telegram.ts'
import { accessByReceipt } from '../../server/domain/reports/access.ts'
import { acceptReport, writeToReporter } from '../../server/domain/reports/handle-report.ts'
import { bannedChatHash } from '../../server/domain/reports/receipt.ts'
import { submitReport } from '../../server/domain/reports/submit-report.ts'
import { trackReport } from '../../server/domain/reports/track-report.ts'
import { recordVisit } from '../../server/domain/revisits/record-visit.ts'
import { chatHash, keepUpdates } from '../../server/domain/chat/bot-updates.ts'
import { sealHandle } from '../../server/domain/chat/telegram-handle.ts'
import { answerThread, banChat, closeThread, listThreads, openThreadTexts } from '../../server/domain/chat/desk-threads.ts'
import { openBallotPass } from '../../server/domain/trust/ballot-pass.ts'
import { keepBallotKey } from '../../server/domain/trust/draw-ballot.ts'
import { reportInputSchema } from '../../shared/reports/report-schema.ts'
import { recordVisitSchema } from '../../shared/revisits/revisit-schema.ts'
import { staffOf, startBotStation, type BotStation, type RunningBot } from './bot-station.ts'
import { Resident } from './story.ts'

let station: BotStation
let bot: RunningBot

beforeAll(async () => {
  station = await startBotStation({ isDemo: true })
  bot = await station.startBot({ brain: 'real' })
}, 180_000)
afterAll(() => station?.stop())

/** Makes somebody a verified resident of a community whose officer is rated now. */
async function verifiedAt(slug: string, userId: string) {
  const { services, backend: { sql } } = station
  await sql`insert into private.verifications (user_id, community_id, method, verified_on) select ${userId}, c.id, 'code', current_date from public.communities c where c.slug = ${slug} on conflict (user_id) do update set community_id = excluded.community_id`
  await sql`insert into private.rating_rounds (station_id, month, opens_at, closes_at) select s.id, '1950-01-01', private.clock() - interval '1 hour', private.clock() + interval '1 day' from public.stations s where s.is_default on conflict do nothing`
  const [subject] = await sql<{ id: string, community: string, officer: string }[]>`insert into private.rating_subjects (round_id, community_id, officer_id, eligible)
    select r.id, c.id, a.staff_id, 1 from private.rating_rounds r, public.communities c join public.assignments a on a.community_id = c.id and a.kind = 'officer' and a.to_on is null where r.month = '1950-01-01' and c.slug = ${slug}
    on conflict (round_id, community_id) do update set eligible = 1 returning id, community_id as community, officer_id as officer`
  if (!subject) throw new Error('the community has no officer')
  const [round] = await sql<{ opens: Date, closes: Date }[]>`select opens_at as opens, closes_at as closes from private.rating_rounds where month = '1950-01-01'`
  await keepBallotKey(services, { occasion: 'rating', occasion_id: subject.id, community: subject.community, officer: subject.officer, opens_at: round?.opens.toISOString() ?? '', closes_at: round?.closes.toISOString() ?? '' })
}

/** What people see and choose, in each language. */
const words = {
  zh: {
    story: '昨晚有人在平安里偷了我的电瓶车', question: '怎么举报电信诈骗', skipRest: /都跳过/, noFiles: /没有|就这些/, anonymous: '匿名', send: '提交', confirm: /核对/, receiptOnce: '只显示这一次',
    warning: '端到端加密', webForm: /\/zh\/reports\/new/, report: '/report', categories: /盗窃/, description: '门口的灯坏了很久，晚上很黑，老人摔倒过一次。', write: /写信|留言|给民警/, messageSend: '发出', letter: '灯还没有修好。', delivered: /送到/,
    answer: /回答|答复/, unsatisfied: '不满意', nothingMore: '不用了', person: /转人工/, nothing: /不用|不要|自己说/, fromOfficer: '民警：', rated: '谢谢', officerOf: '社区民警', danger: '有人拿刀要砍我，快来', call: '110', tooLarge: '20 MB', deleteYes: /^删除/, tell: '有进展在这里通知我', hush: '不再在这里通知', newsOf: (reference: string) => new RegExp(`${reference}[^]*reports/track`), deleted: /删掉/, withdraw: '撤回', withdrawn: '已经撤回', cleared: '四十八小时', clear: '现在清除', link: '关联', linked: '已经和账号', help: '/help', understands: /智能助手/, noneOfThese: '都不是', addOnWeb: /\/zh\/reports\/track/,
  },
  en: {
    story: 'Somebody stole my e-bike last night in Ping\'an', question: 'how do I report a phone scam', skipRest: /Skip the rest/, noFiles: /^No$|That is all/, anonymous: 'Anonymous', send: 'Send', confirm: /Please check/, receiptOnce: 'not given a second time',
    warning: 'end-to-end encrypted', webForm: /\/en\/reports\/new/, report: '/report', categories: /Theft/, description: 'The lamp at the door has been broken for weeks and an old man fell there.', write: /Write to the officers/, messageSend: 'Send', letter: 'The lamp is still broken.', delivered: /Delivered/,
    answer: /Answer the visit/, unsatisfied: 'Not satisfied', nothingMore: /Nothing to add/, person: /Talk to an officer/, nothing: /No, I will explain/, fromOfficer: 'Officer:', rated: 'Thank you', officerOf: 'community officer', danger: 'Help, a man with a knife is attacking me right now', call: '110', tooLarge: '20 MB', deleteYes: /^Delete/, tell: 'Tell me here when there is news', hush: 'No more news here', newsOf: (reference: string) => new RegExp(`${reference}[^]*reports/track`), deleted: /deleted/, withdraw: 'Take it back', withdrawn: 'has been taken back', cleared: '48 hours', clear: 'Clear now', link: 'Link', linked: 'now linked with the account', help: '/help', understands: /assistant/, noneOfThese: 'None of these', addOnWeb: /\/en\/reports\/track/,
  },
} as const
const languages = ['zh', 'en'] as const
/** As their first bytes say. */
const video = Buffer.concat([Buffer.from([0, 0, 0, 0x18]), Buffer.from('ftypmp42'), Buffer.alloc(4), Buffer.from('mp42isom'), Buffer.alloc(400)])
const voice = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from('OpusHead'), Buffer.alloc(400)])

const receiptOf = (said: string) => ({ reference: /LL-\w{4}-\w{4}/.exec(said)?.[0] ?? '', receipt: /\w{4}(?:[- ]\w{4}){5}/.exec(said)?.[0] ?? '' })
const tracked = (one: { reference: string, receipt: string }) => trackReport(station.services, one.reference, accessByReceipt(station.services, one.receipt), [])

/** From the story to the check: skips what may be left out, sends no files, stays anonymous. */
async function toTheCheck(lin: Resident, w: typeof words[keyof typeof words], opening = w.story as string) {
  let said = await lin.say(opening)
  for (let n = 0; n < 12 && !w.confirm.test(said); n++) {
    const label = [w.skipRest, w.noFiles].flatMap(wanted => lin.offered.filter(text => wanted.test(text)))[0] ?? lin.offered[0]
    if (label === undefined) throw new Error(`what now? ${said}`)
    said = await lin.tap(label)
  }
  return said
}
async function filed(lin: Resident, w: typeof words[keyof typeof words]) {
  await toTheCheck(lin, w)
  return receiptOf(await lin.tap(w.send))
}

const officer = (name = 'officer') => staffOf(station, name)

describe.each(languages)('a resident with a messenger, in %s', (language) => {
  const w = words[language]

  it.concurrent('is warned and shown the web form, tells a story in one sentence, checks it and gets the receipt once', async () => {
    const lin = new Resident(station, language)

    const first = await lin.say(w.story)
    expect(first).toContain(w.warning)
    expect(lin.answers.flatMap(({ buttons }) => buttons).some(({ url }) => url !== undefined && w.webForm.test(url))).toBe(true)
    await lin.say('/cancel')
    await toTheCheck(lin, w)
    const sent = await lin.tap(w.send)

    const one = receiptOf(sent)
    expect(sent).toContain(w.receiptOnce)
    const report = await tracked(one)
    expect(report).toMatchObject({ reference: one.reference, contactMode: 'anonymous', category: 'theft' })
    // Nothing leads from the report to the chat, and the receipt is kept nowhere.
    const [row] = await station.backend.sql`select owner_id, notify_sealed, contact_sealed, channel from public.reports where reference = ${one.reference}`
    expect(row).toEqual({ owner_id: null, notify_sealed: null, contact_sealed: null, channel: 'bot' })
    const followers = () => station.backend.sql`select 1 from private.telegram_followers f join public.reports r on r.id = f.report_id where r.reference = ${one.reference}`
    expect(await followers()).toEqual([])

    // Only who asks for it is told here, and stops it.
    await lin.tap(w.tell)
    await acceptReport(station.services, await officer(), one.reference, {} as Parameters<typeof acceptReport>[3])
    const news = await lin.hears(w.newsOf(one.reference), { ms: 40_000, after: lin.last - 1 })
    expect(news.text).not.toMatch(/theft|盗窃/i)
    await lin.tap(w.hush)
    expect(await followers()).toEqual([])
  })

  it.concurrent('sends place, photo, video and voice; a file over 20 MB is explained; a double tap on “send” files one report', async () => {
    const lin = new Resident(station, language)
    await lin.say(w.report)
    // Before anything is typed: the warning, with the way to the web form.
    expect(lin.answers[0]?.text).toMatch(new RegExp(`^[^]{0,60}${w.warning}`))
    expect(lin.answers[0]?.buttons.some(({ url }) => url !== undefined && w.webForm.test(url))).toBe(true)
    await lin.tap(w.categories)
    await lin.say(w.description)
    await lin.then(() => lin.sendsPlace(39.9087, 116.3975))
    for (let n = 0; n < 8 && !lin.offered.some(label => w.noFiles.test(label)); n++) {
      const label = lin.offered.find(text => w.skipRest.test(text)) ?? lin.offered[0]
      await (label === undefined ? lin.say(w.description) : lin.tap(label))
    }
    const photo = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#778' } }).jpeg().toBuffer()
    const large = await lin.then(() => lin.sendsVideo(Buffer.from('…'), 21 * 1024 * 1024))
    const offers = lin.answers.flatMap(({ buttons }) => buttons).some(({ url }) => url !== undefined && w.addOnWeb.test(url))
    await lin.then(() => lin.sendsPhoto(photo))
    await lin.then(() => lin.sendsVideo(video))
    await lin.then(() => lin.sendsVoice(voice))
    await lin.then(() => lin.sendsDocument(Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n'), { name: 'bill.pdf', type: 'application/pdf' }))
    await lin.tap(w.noFiles)
    await lin.tap(w.anonymous)

    const [tap, again] = [lin.tapOn(w.send), lin.tapOn(w.send)]
    const sent = await lin.then(async () => {
      await station.api.push(lin.chat, tap)
      await station.api.push(lin.chat, again)
      await station.api.push(lin.chat, tap)
    })

    expect(large).toContain(w.tooLarge)
    expect(offers).toBe(true)
    expect(sent.match(/LL-\w{4}-\w{4}/g)).toHaveLength(1)
    const report = await tracked(receiptOf(sent))
    expect(report.attachments.map(({ type }) => type).toSorted()).toEqual(['application/pdf', 'audio/ogg', 'image/jpeg', 'video/mp4'])
    // An anonymous sender's picture stays without its original (RULES G3).
    expect(await station.backend.sql`select a.media_type, a.original_blob is null as is_view_only from public.report_attachments a join public.reports r on r.id = a.report_id where r.reference = ${report.reference} and a.view_blob is not null`).toEqual([{ media_type: 'image/jpeg', is_view_only: true }])
    expect(report.content?.location ?? report.community).toBeTruthy()
  })

  it.concurrent('follows the report, whose receipt does not stay in the chat, and writes to the officers, who answer', async () => {
    const lin = new Resident(station, language)
    const one = await filed(lin, w)
    await lin.say(`/track ${one.reference}`)
    const shown = await lin.say(one.receipt)
    expect(shown).toContain(one.reference)
    expect(lin.screen.filter(({ by, text }) => by === 'person' && text.includes(one.receipt))).toEqual([])

    await lin.tap(w.write)
    await lin.say(w.letter)
    expect(await lin.tap(w.messageSend)).toMatch(w.delivered)

    expect((await tracked(one)).messages.map(({ text }) => text)).toEqual([w.letter])
    await writeToReporter(station.services, await officer(), one.reference, 'We have ordered a new lamp.')
    expect(await lin.say('/track')).toContain('We have ordered a new lamp.')

    await lin.tap(w.withdraw)
    expect(await lin.tap(w.withdraw)).toContain(w.withdrawn)
    expect(await tracked(one)).toMatchObject({ status: 'closed', closedReason: 'withdrawn' })
  })

  it.concurrent('is told here of a report that was filed on the web, sealed or not, only after opening it here and asking', async () => {
    const lin = new Resident(station, language)
    const input = reportInputSchema.parse({ category: 'theft', community: 'ping-an', description: 'A bag was taken from the bench.', locale: language, contact: { mode: 'anonymous' } })
    const one = await submitReport(station.services, { input, channel: 'api', idempotencyKey: randomUUID(), proof: { kind: 'unverified' }, limits: [] })
    const followers = () => station.backend.sql`select f.chat_hash from private.telegram_followers f join public.reports r on r.id = f.report_id where r.reference = ${one.reference}`

    await lin.say(`/track ${one.reference} ${one.receipt}`)
    expect(await followers()).toEqual([])
    await lin.tap(w.tell)

    expect(await followers()).toEqual([{ chat_hash: chatHash(station.services.keys, lin.chat) }])
    await writeToReporter(station.services, await officer(), one.reference, 'We have found a bag.')
    const news = await lin.hears(w.newsOf(one.reference), { ms: 40_000, after: lin.last - 1 })
    expect(news.text).not.toContain('found a bag')
  })

  it.concurrent('hears everything once and in order through a 429, a 500 and a line that breaks', async () => {
    const lin = new Resident(station, language)
    station.api.plan({ method: 'sendMessage', chat: lin.chat, fate: 'refuse', code: 429, retryAfter: 3 })
    station.api.plan({ method: 'sendMessage', chat: lin.chat, fate: 'refuse', code: 500 })
    station.api.plan({ method: 'sendMessage', chat: lin.chat, fate: 'drop' })

    const help = await lin.say(w.help)
    const filedOne = await filed(lin, w)

    expect(help).toMatch(w.understands)
    expect(lin.heard.match(new RegExp(filedOne.receipt, 'g'))).toHaveLength(1)
    expect(new Set(lin.answers.map(({ text }) => text)).size).toBe(lin.answers.length)
  })

  it.concurrent('is answered once and in order when updates come twice and the wrong way round', async () => {
    const lin = new Resident(station, language)
    const [first, second] = [lin.writes('/report'), lin.writes('/cancel')]

    const said = await lin.then(async () => {
      await keepUpdates(station.services, [second])
      await keepUpdates(station.services, [first, second])
      await keepUpdates(station.services, [first])
    })

    expect(said.split(w.warning)).toHaveLength(2)
    expect(lin.answers.at(-1)?.text).not.toContain(w.warning)
    const [row] = await station.backend.sql`select turn_no from private.chat_conversations where key_hash = ${chatHash(station.services.keys, lin.chat)}`
    expect(row).toEqual({ turn_no: 2 })
  })

  it.concurrent('whom the desk has banned files as before, and is hidden (RULES G2)', async () => {
    const lin = new Resident(station, language)
    const lead = await officer('lead')
    await lin.say('/start')
    await lin.tap(w.person)
    await lin.tap(w.nothing)
    await lin.say('You are all thieves.')
    const [thread] = await station.backend.sql<{ id: string }[]>`select t.id from private.chat_threads t join private.chat_conversations c on c.id = t.conversation_id where c.key_hash = ${chatHash(station.services.keys, lin.chat)}`
    await banChat(station.services, lead, thread?.id ?? '', 'insults every day')
    await closeThread(station.services, lead, thread?.id ?? '')
    await lin.settled()

    const one = await filed(lin, w)

    expect(await tracked(one)).toMatchObject({ reference: one.reference, status: 'received' })
    expect(await station.backend.sql`select is_hidden from public.reports where reference = ${one.reference}`).toEqual([{ is_hidden: true }])
    expect(await station.backend.sql`select kind, report_id, subject_hash = ${chatHash(station.services.keys, lin.chat)} as is_chat from public.bans where reason = 'insults every day' and subject_hash = ${bannedChatHash(station.services.keys, chatHash(station.services.keys, lin.chat))}`).toEqual([{ kind: 'chat', report_id: null, is_chat: false }])
  })

  it('links an account, is told of its named report without a word of it, and clears the chat', async () => {
    const lin = new Resident(station, language)
    const amina = await officer('resident')
    await station.backend.sql`delete from private.telegram_links`
    await station.backend.sql`delete from private.verifications where user_id = ${amina.userId}`
    const token = (await makeTelegramLink(station.services, amina, [])).split('start=')[1]

    await lin.say(`/start ${token}`)
    expect(await lin.tap(w.link)).toContain(w.linked)
    const rating = async () => {
      await lin.say('/rate')
      return lin.answers.at(-1)?.buttons.find(({ url }) => url)?.url ?? ''
    }
    expect(await rating(), 'no verified resident, no ballot').toMatch(/\/ratings$/)
    await verifiedAt('ping-an', amina.userId)
    const { searchParams: asked } = new URL(await rating())
    expect(asked.get('community')).toBe('ping-an')
    expect((await openBallotPass(station.services, asked.get('pass') ?? ''))?.userId).toBe(amina.userId)
    const input = reportInputSchema.parse({ category: 'theft', community: 'ping-an', description: 'My green bag is gone.', locale: language, contact: { mode: 'named', name: 'Amina' } })
    const one = await submitReport(station.services, { input, actor: amina, channel: 'api', idempotencyKey: randomUUID(), proof: { kind: 'unverified' }, limits: [] })
    const news = await lin.hears(w.newsOf(one.reference), { ms: 40_000 })
    const leaving = await lin.say('/exit')
    await lin.tap(w.clear)

    expect(news.text).not.toContain('green bag')
    expect(leaving).toContain(w.cleared)
    expect(lin.screen).toEqual([])
    expect(await station.backend.sql`select 1 from private.chat_conversations where key_hash = ${chatHash(station.services.keys, lin.chat)}`).toEqual([])
  })

  it.concurrent('answers a revisit, and “not satisfied” climbs', async () => {
    const lin = new Resident(station, language)
    const one = await filed(lin, w)
    const wang = await officer()
    await acceptReport(station.services, wang, one.reference, {} as Parameters<typeof acceptReport>[3])
    const revisit = (await tracked(one)).revisits[0]
    await recordVisit(station.services, wang, one.reference, revisit?.id ?? '', recordVisitSchema.parse({ met: 'reporter', method: 'portal', letter: 'How are things now?', topics: { manner: 'good' } }))

    await lin.say(`/track ${one.reference} ${one.receipt}`)
    await lin.tap(w.answer)
    await lin.tap(w.unsatisfied)
    await lin.tap(w.nothingMore)
    await lin.tap(w.messageSend)

    expect((await tracked(one)).revisits).toMatchObject([{ answer: 'unsatisfied' }, { level: 'lead' }])
  })

  it.concurrent('finds the officer by a place, gets an answer, changes the language, hears 110 first in danger', async () => {
    const lin = new Resident(station, language)

    expect(await lin.say('/officer')).toBeTruthy()
    const community = lin.offered[0] ?? ''
    expect(await lin.tap(community)).toContain(w.officerOf)
    // Answered at once, or what is meant is chosen first: the articles decide.
    const answer = await lin.say(w.question)
    const article = lin.offered.includes(w.noneOfThese) ? await lin.tap(lin.offered[0] ?? '') : answer
    expect(article.length).toBeGreaterThan(40)
    expect(lin.answers.flatMap(({ buttons }) => buttons).some(({ url }) => url?.includes(`/${language}/safety/`))).toBe(true)
    expect(await lin.say(w.danger)).toContain(w.call)
    await lin.say('/language')
    const other = await lin.tap(language === 'zh' ? 'English' : '中文')
    expect(other).toMatch(language === 'zh' ? /English/ : /中文/)
  })

  it.concurrent('reaches a person, who answers in the chat; then the assistant is back, and asks how it was', async () => {
    const lin = new Resident(station, language)
    const wang = await officer()
    await lin.say('/start')
    await lin.tap(w.person)
    await lin.tap(w.nothing)
    expect(await lin.say('Is my passport still valid?')).toBe('')

    const waiting = await listThreads(station.services, wang, { view: 'waiting', limit: 20 })
    const thread = waiting.threads.find(({ channel, locale }) => channel === 'telegram' && locale === language)?.id ?? ''
    expect((await openThreadTexts(station.services, wang, thread)).messages.map(({ text }) => text)).toEqual(['Is my passport still valid?'])
    const answered = await lin.then(() => answerThread(station.services, wang, thread, { id: randomUUID(), text: 'Bring it to the office.' }))
    const closed = await lin.then(() => closeThread(station.services, wang, thread))
    const rated = await lin.tap(lin.offered.at(-1) ?? '')

    expect(answered).toContain(`${w.fromOfficer}`)
    expect(answered).toContain('Bring it to the office.')
    expect(closed).toBeTruthy()
    expect(rated).toContain(w.rated)
    expect(await station.backend.sql`select rating from private.chat_threads where id = ${thread}`).toEqual([{ rating: 5 }])
    expect(await lin.say('/help')).toBeTruthy()
  })

  it.concurrent('deletes what is kept', async () => {
    const lin = new Resident(station, language)
    await lin.say('/start')
    await lin.say('/delete')

    const said = await lin.tap(w.deleteYes)

    expect(said).toMatch(w.deleted)
    expect(lin.screen).toHaveLength(1)
  })
})

it.each(languages)('a dialogue goes on after kill -9, in %s', async (language) => {
  const w = words[language]
  const lin = new Resident(station, language)
  await toTheCheck(lin, w)
  await bot.kill()
  const pushed = lin.taps(w.send)
  bot = await station.startBot({ brain: 'real' })
  await pushed
  await lin.settled()

  const one = receiptOf(lin.heard.slice(lin.heard.lastIndexOf('LL-')))
  expect((await tracked(one)).reference).toBe(one.reference)
})

it.each(languages)('an urgent report calls the colleague on duty in their own chat, without a word of it, in %s', async (language) => {
  const wang = await officer()
  const lin = new Resident(station, language)
  const colleague = new Resident(station, language)
  const { keys } = station.services
  const hash = chatHash(keys, colleague.chat)
  const { sql } = station.backend
  await sql`delete from private.telegram_links`
  await sql`insert into private.telegram_links (user_id, chat_hash, handle_sealed, linked_at) values (${wang.userId}, ${hash}, ${sealHandle(keys, hash, colleague.chat)}, private.clock())`
  await sql`delete from public.duty_shifts`
  await sql`insert into public.duty_shifts (id, station_id, staff_id, starts_at, ends_at, set_by) select gen_random_uuid(), s.station_id, s.user_id, private.clock() - interval '1 hour', private.clock() + interval '1 hour', s.user_id from public.staff s where s.user_id = ${wang.userId}`

  await toTheCheck(lin, words[language], language === 'zh' ? '刚才有人拿刀在平安里抢了我的包，人还在楼下' : 'A man with a knife robbed me in Ping\'an just now, he is still outside')
  const one = receiptOf(await lin.tap(words[language].send))

  const called = await colleague.hears(one.reference, { ms: 30_000 })
  expect(called.text).toContain(`/desk/reports/${one.reference}`)
  expect(called.text).not.toMatch(/刀|包|knife|robbed/)

  // And that somebody waits in the chat for a person.
  await sql`delete from public.outbox where template = 'chat.waiting'`
  await lin.say('/start')
  await lin.tap(words[language].person)
  await lin.tap(words[language].nothing)
  const waiting = await colleague.hears('/desk/chats', { ms: 30_000 })
  expect(waiting.text).not.toMatch(/刀|包|knife|robbed|LL-/)
})

it('nothing that was said, no chat and no receipt is in what the bots wrote', () => {
  const written = bot.output()
  expect(written).not.toMatch(/电瓶车|e-bike|passport|[0-9A-Z]{4}(?:-[0-9A-Z]{4}){5}/)
  for (const { chat } of station.api.said) expect(written).not.toContain(String(chat))
})
