import type { Outcome } from '#server/chat/turn'
import { hideReceipts } from '#server/chat/slots/read-contact'
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { AppError } from '#shared/errors'
import type { TrackedReport } from '#server/domain/reports/track-report'
import { intents } from '#server/chat/intents/intents'
import { aResident, buttonsOf, cardOf, wordsOf } from './dialogue.ts'

const aTracked = (changes: Partial<TrackedReport> = {}): TrackedReport => ({
  reference: 'LL-7K3Q-9XPA', viewer: 'reporter', status: 'in_progress', closedReason: null, category: 'theft', urgency: 'normal', contactMode: 'anonymous', community: null, grid: null, timeZone: 'Asia/Shanghai',
  receivedAt: '2026-11-20T02:00:00Z', updatedAt: '2026-11-21T02:00:00Z', now: '2026-11-22T02:00:00Z', mergedInto: null, taken: null, content: null, messages: [], attachments: [], clock: [], revisitBy: null, isByLetter: true,
  waitsApart: false, access: [], revisits: [], statement: null, timeline: [{ at: '2026-11-21T02:00:00Z', kind: 'status', status: 'in_progress', closedReason: null, by: 'staff', text: '已调取监控。' }], ...changes,
})
const aVisit = (): TrackedReport['revisits'][number] => ({
  id: randomUUID(), round: 1, step: 1, level: 'officer', state: 'to_answer', openedAt: '2026-11-20T02:00:00Z', dueAt: '2026-11-23T16:00:00Z', isLate: false, visitedAt: '2026-11-21T02:00:00Z', method: 'portal', topics: {},
  remindedAt: null, noReplyAt: null, answers: ['satisfied', 'unsatisfied'], answerBy: null, climbsUntil: null, answer: null, answeredAt: null, answeredBy: null, recordedAnswer: null, comment: null, stoppedAt: null, suggestions: [],
})
const receipt = '0123-4567-89AB-CDEF-GHJK-MNPQ'

describe('following a report', () => {
  const following = (tracked = aTracked(), more: object = {}) => aResident('zh', { ports: { openReport: async () => ({ token: 'view-token', report: tracked }), readReport: async () => tracked, ...more } })

  it('reference, then receipt; the receipt stays in no state and its words are not kept', async () => {
    const amina = following()
    expect(wordsOf(await amina.says('查进度'))).toContain('编号')
    expect(wordsOf(await amina.says('ll 7k3q 9xpa'))).toContain('回执')

    const answer = await amina.says(receipt)

    expect(cardOf(answer, 'report')).toMatchObject({ reference: 'LL-7K3Q-9XPA', rows: expect.arrayContaining([{ label: '最近说明', value: '已调取监控。' }]) })
    expect(answer.commands).toEqual([{ do: 'hide_words' }])
    expect(JSON.stringify(answer.state)).not.toContain('0123')
    expect(answer.state.report).toEqual({ reference: 'LL-7K3Q-9XPA', token: 'view-token' })
  })

  it('both in one message, right after the command', async () => {
    expect(cardOf(await following().says(`/track LL-7K3Q-9XPA ${receipt}`), 'report')).toBeDefined()
  })

  it('a wrong pair is one sentence, whichever of the two is wrong, and its words are not kept either', async () => {
    const amina = following(undefined, { openReport: async () => { throw new AppError('not_found') } })
    await amina.says('/track LL-7K3Q-9XPA')
    const answer = await amina.says(receipt)

    expect(wordsOf(answer)).toContain('没有找到')
    expect(answer.commands).toEqual([{ do: 'hide_words' }])
  })

  it('a letter is shown before it is sent, and sent once under the dialogue\'s own id', async () => {
    const sent: { text: string, messageId: string }[] = []
    const amina = following(undefined, { writeMessage: async (_: unknown, letter: { text: string, messageId: string }) => void sent.push(letter) })
    await amina.says(`LL-7K3Q-9XPA ${receipt}`)
    await amina.taps('给民警写信')
    expect(wordsOf(await amina.says('车架号找到了，是 1234'))).toContain('这样发出去吗？\n车架号找到了，是 1234')
    expect(sent).toEqual([])
    const id = amina.conversation.state.dialogue?.id
    await amina.taps('发出')

    expect(sent).toEqual([{ text: '车架号找到了，是 1234', messageId: id }])
  })

  it('withdrawing asks first, and a repeat hears the same', async () => {
    let times = 0
    const amina = following(undefined, { withdraw: async () => { times++; if (times > 1) throw new AppError('already_withdrawn') } })
    await amina.says(`LL-7K3Q-9XPA ${receipt}`)
    await amina.taps('撤回')
    const before = structuredClone(amina.conversation.state)
    const first = await amina.taps('撤回')
    amina.conversation.state = before
    const again = await amina.turn({ choice: before.offered[0]?.id })

    expect(wordsOf(first)).toBe(wordsOf(again))
  })

  it('a visit is answered with a comment, after a look at both', async () => {
    const kept: unknown[] = []
    const visit = aVisit()
    const amina = following(aTracked({ revisits: [visit] }), { answerRevisit: async (_: unknown, id: string, given: object) => void kept.push({ id, ...given }) })
    expect(wordsOf(await amina.says(`LL-7K3Q-9XPA ${receipt}`))).toContain('有一次回访等您回答')
    await amina.taps('回答回访')
    expect(wordsOf(await amina.taps('不满意'))).toContain('哪里不满意')
    expect(wordsOf(await amina.says('没人告诉我结果'))).toContain('不满意\n说明：没人告诉我结果')
    expect(kept).toEqual([])
    await amina.taps('发出')

    expect(kept).toEqual([{ id: visit.id, answer: 'unsatisfied', comment: '没人告诉我结果' }])
  })

  it('whoever is signed in chooses among their own', async () => {
    const amina = aResident('zh', { ports: { isSignedIn: true, listMyReports: async () => [{ reference: 'LL-7K3Q-9XPA', category: 'theft', status: 'received', receivedAt: '2026-11-20T02:00:00Z', unread: 0, awaitsAnswer: false }], readReport: async () => aTracked() } })
    await amina.says('/track')

    expect(cardOf(await amina.taps('LL-7K3Q-9XPA · 已收到'), 'report')).toBeDefined()
  })

  it('a view that is over asks for both again', async () => {
    const amina = following(undefined, { writeMessage: async () => { throw new AppError('not_found') } })
    await amina.says(`LL-7K3Q-9XPA ${receipt}`)
    await amina.taps('给民警写信')
    await amina.says('还在吗')

    expect(wordsOf(await amina.taps('发出'))).toContain('30 分钟')
    expect(amina.conversation.state.report).toBeUndefined()
  })
})

describe('questions', () => {
  it('are answered with an article, its link and what can be done here', async () => {
    const answer = await aResident('zh').says('电动车被偷了怎么办')

    expect(answer).toMatchObject({ intent: 'ask', article: 'ebike-theft' })
    expect(answer.confidence).toBeGreaterThan(0.7)
    expect(answer.replies[0]?.link?.href).toBe('/zh/safety/ebike-theft')
    expect(buttonsOf(answer)).toContain('就这件事提交反映')
  })

  it('in English words get the article in the language of the chat', async () => {
    expect(await aResident('zh').says('my e-bike was stolen what should i do')).toMatchObject({ article: 'ebike-theft', replies: [{ text: expect.stringContaining('电动') }] })
  })

  it('that nothing answers: first in other words, then a person, who is told what the resident agrees to', async () => {
    const bo = aResident('en')
    const first = await bo.says('how long should i boil an egg')
    expect(first.intent).toBe('fallback')
    expect(wordsOf(first)).toContain('other words')
    const second = await bo.says('which lottery numbers win tonight')
    expect(second.intent).toBe('person')
    expect(buttonsOf(second)).toEqual(['Yes, pass it on', 'No, I will explain myself', 'Cancel'])

    const passed = await bo.taps('Yes, pass it on')

    expect(passed.commands).toMatchObject([{ do: 'hand_over', turns: 6 }])
    expect(cardOf(passed, 'handover')).toMatchObject({ rows: [{ value: '09:00–18:00' }] })
  })

  it('of which several may be meant name them in words, which stay where the buttons go', async () => {
    const bo = aResident('en')
    const answer = await bo.says('police papers')
    const titles = buttonsOf(answer).slice(0, -1)

    expect(answer.intent).toBe('did_you_mean')
    expect(wordsOf(answer).split('\n').slice(1)).toEqual(titles.map((title, at) => `${at + 1}. ${title}`))
  })

  it('understood after a miss start counting anew', async () => {
    const bo = aResident('en')
    await bo.says('how long should i boil an egg')
    await bo.says('my e-bike was stolen what should i do')

    expect((await bo.says('which lottery numbers win tonight')).intent).toBe('fallback')
  })
})

describe('a person', () => {
  it('can be asked for at any moment', async () => {
    for (const words of ['转人工', '人工客服', '我想找个人工', '和民警聊']) expect((await aResident('zh').says(words)).intent, words).toBe('person')
    for (const words of ['I want to talk to a human', 'speak with an officer', 'agent']) expect((await aResident('en').says(words)).intent, words).toBe('person')
  })

  it('has the thread: words go there, the bot is silent, danger still shows its card', async () => {
    const amina = aResident('zh')
    amina.hasThread({ id: randomUUID(), state: 'open' })

    const said = await amina.says('那我什么时候能拿到？')
    expect(said).toMatchObject({ intent: 'person', replies: [], commands: [{ do: 'tell_staff', text: '那我什么时候能拿到？' }] })
    const danger = await amina.says('有人正在撬我家的门')
    expect(danger.intent).toBe('emergency')
    expect(danger.replies).toHaveLength(1)
    expect(danger.commands).toMatchObject([{ do: 'tell_staff' }])
    expect((await amina.says('返回助手')).commands).toEqual([{ do: 'leave_thread' }])
  })

  it('ended it: a number from one to five says how it was, and the assistant is back', async () => {
    const amina = aResident('zh')
    amina.hasThread({ id: randomUUID(), state: 'closed' })

    expect((await amina.turn({ choice: 'rate.4' })).commands).toEqual([{ do: 'rate', rating: 4 }])
    expect((await amina.says('电动车被偷了怎么办')).article).toBe('ebike-theft')
  })

  it('rated: a few words are asked for by a choice, so that the next question is not taken for them', async () => {
    const said: string[] = []
    const amina = aResident('zh', { ports: { sayWhy: async (_, words) => { said.push(words) } } })
    amina.hasThread({ id: randomUUID(), state: 'closed' })
    await amina.turn({ choice: 'rate.5' })
    amina.hasThread(undefined)

    expect((await amina.turn({ choice: 'start.rate' })).intent).toBe('rate')
    expect((await amina.says('民警很耐心，谢谢')).intent).toBe('rate')
    expect(said).toEqual(['民警很耐心，谢谢'])
    expect((await amina.says('电动车被偷了怎么办')).article).toBe('ebike-theft')
  })
})

describe('everything else', () => {
  it('the officer of a community, by name, by button or by place', async () => {
    expect(cardOf(await aResident('zh').says('/officer 平安里'), 'officer')).toMatchObject({ name: '王民警', phone: '0000-555-0121' })
    const bo = aResident('en')
    await bo.says('who is my officer')
    expect(cardOf(await bo.taps('Ping\'an Community'), 'officer')).toMatchObject({ name: 'Officer Wang' })
    expect(cardOf(await aResident('zh').turn({ location: { lat: 40.5, lng: 116.5 } }), 'officer')).toBeDefined()
  })

  it('the language changes in the middle of a report, which goes on', async () => {
    const amina = aResident('zh')
    await amina.says('我要报案')
    await amina.says('/language')
    const answer = await amina.taps('English')

    expect(answer.commands).toEqual([{ do: 'speak', locale: 'en' }])
    expect(wordsOf(answer)).toContain('in English')
    expect(answer.state.dialogue?.intent).toBe('report')
  })

  it('deleting asks first; ending the chat does not', async () => {
    const amina = aResident('zh')
    expect((await amina.says('/delete')).commands).toBeUndefined()
    expect((await amina.taps('删除')).commands).toEqual([{ do: 'forget', erasesThreads: true }])
    expect((await aResident('en').says('/exit')).commands).toEqual([{ do: 'forget' }])
  })

  it('danger alone shows the card, and offers to report it', async () => {
    const answer = await aResident('en').says('my house is on fire right now')

    expect(answer.intent).toBe('emergency')
    expect(cardOf(answer, 'emergency')).toMatchObject({ service: 'fire', number: '119' })
    expect(buttonsOf(answer)).toContain('Report this')
  })

  it('help in the midst of a report leaves it where it was', async () => {
    const amina = aResident('zh')
    await amina.says('我要报案')
    const before = amina.conversation.state.dialogue

    await amina.says('帮助')

    expect(amina.conversation.state.dialogue).toEqual(before)
  })

  it.each(intents.flatMap(({ name, commands }) => commands.map(command => [command, name])))('/%s is heard', async (command, name) => {
    expect((await aResident('zh').says(`/${command}`)).intent).toBe(name)
  })

  it('no choice is longer than a button of Telegram may carry', async () => {
    const amina = aResident('zh', { channel: 'telegram' })
    for (const words of ['/help', '/report', '/officer', '有人昨晚在平安里偷了我的电瓶车', '/person', '电动车被偷了怎么办']) {
      for (const { id } of (await amina.says(words)).replies.flatMap(({ choices }) => choices ?? [])) expect(Buffer.byteLength(id), id).toBeLessThanOrEqual(64)
    }
  })
})

describe('a receipt that is typed', () => {
  const receipt = '7Y0H-43ES-TS66-0Q12-6GEZ-VTXA'
  const hides = (answer: Outcome) => (answer.commands ?? []).some(command => command.do === 'hide_words')

  it('alone, after a miss, is neither kept nor passed on', async () => {
    const bo = aResident('en')
    await bo.says('how long should i boil an egg')
    const answer = await bo.says(receipt)

    expect(hides(answer)).toBe(true)
    expect(wordsOf(answer)).toMatch(/reference/i)
    expect(JSON.stringify(bo.conversation.state)).not.toContain('TS66')
  })

  it('asks for nothing more when the reference stands in a sentence before it', async () => {
    const bo = aResident('en', { ports: { openReport: async () => { throw new AppError('not_found') } } })
    expect((await bo.says('How is my report going? LL-7K3Q-9XPA')).intent).toBe('track')
    const answer = await bo.says(receipt)

    expect(answer.intent).toBe('track')
    expect(hides(answer)).toBe(true)
  })

  it('in the middle of a report is blotted out of the story', async () => {
    const chen = aResident('zh')
    await chen.says('报案')
    await chen.taps('其他')
    const answer = await chen.says(`上次的回执是 ${receipt}，后来又来人敲门了`)

    expect(hides(answer)).toBe(true)
    expect(chen.conversation.state.dialogue?.slots.description).toBe('上次的回执是 ••••，后来又来人敲门了')
  })

  it('reaches no officer who has the chat', async () => {
    const bo = aResident('en')
    bo.hasThread({ id: randomUUID(), state: 'open' })
    const answer = await bo.says(`my receipt is ${receipt.toLowerCase()}`)

    expect(answer.commands).toEqual([{ do: 'tell_staff', text: 'my receipt is ••••' }, { do: 'hide_words' }])
  })

  it('is no number of another kind', () => {
    expect(hideReceipts('order 93a9645f-e972-4834-8901-31de53852a79')).toBe('order 93a9645f-e972-4834-8901-31de53852a79')
  })

  it('is no six words of four letters', async () => {
    expect(hides(await aResident('en').says('they took that blue bike from here then left'))).toBe(false)
    expect(hideReceipts('that blue bike from here then')).toBe('that blue bike from here then')
  })
})

describe('a choice that nobody offered', () => {
  it('is answered with what there is to choose, as the sentence says', async () => {
    const answer = await aResident('en').turn({ choice: 'send' })

    expect(answer.intent).toBe('stale')
    expect(buttonsOf(answer)).toContain('Report something')
  })
})

describe('how somebody asks for news of their report', () => {
  it.each([['zh', '查一下我的事办到哪了'], ['zh', '我报的案怎么样了'], ['zh', '我的案子有结果吗'], ['en', 'how is my report going?'], ['en', 'any news on my report?']] as const)('%s: %s', async (locale, words) => {
    expect((await aResident(locale).says(words)).intent).toBe('track')
  })
})

describe('choices that the page offers by itself', () => {
  it('are shown again by their words, never by their id', async () => {
    const amina = aResident('zh')
    expect((await amina.turn({ choice: 'start.track' })).said).toBe('查进度')
    amina.hasThread({ id: randomUUID(), state: 'closed' })
    expect((await amina.turn({ choice: 'rate.5' })).said).toBe('很满意')
    expect((await amina.turn({ choice: 'start.nothing<b>' })).said).toBeUndefined()
  })
})
