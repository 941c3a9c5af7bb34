import { randomUUID } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import { chatAnswerSchema } from '#shared/chat/chat-call'
import { openBrowser } from '../browser-jar.ts'
import { naughtyStrings, forEach, isStorable } from './naughty-strings.ts'
import { aChallenge, anAddress, problemOf, send, signedIn, type Sent } from './portal-client.ts'

const { url } = inject('portal')
const secretOf = (headers: Headers) => /linli-chat=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1]

/** Somebody who talks through the API: keeps the conversation between turns. */
function aCaller(locale: 'zh' | 'en' = 'zh') {
  let conversation: string | undefined
  const turn = async (json: object, sent: Sent = {}) => {
    const answered = await send('POST', '/api/chat', { json: { locale, ...(conversation && { conversation }), ...json }, ...sent })
    expect(answered.status, answered.text).toBe(200)
    const answer = chatAnswerSchema.parse(answered.body)
    conversation = answer.conversation
    return answer
  }
  return {
    turn, says: (text: string, more: object = {}) => turn({ text, ...more }),
    taps: async (answer: Awaited<ReturnType<typeof turn>>, label: string) => {
      const choice = answer.replies.flatMap(({ choices }) => choices ?? []).find(each => each.label === label)
      if (!choice) throw new Error(`no “${label}” in ${JSON.stringify(answer.replies)}`)
      return turn({ choice: choice.id })
    },
  }
}

describe('POST /api/chat', () => {
  it('answers a question from the knowledge base, in both languages', async () => {
    expect(await aCaller('zh').says('电动车被偷了怎么办')).toMatchObject({ intent: 'ask', article: 'ebike-theft', replies: [{ link: { href: '/zh/safety/ebike-theft' } }] })
    expect(await aCaller('en').says('my e-bike was stolen, what should I do')).toMatchObject({ intent: 'ask', article: 'ebike-theft' })
  })

  it('shows the card when the text speaks of present danger', async () => {
    expect(await aCaller('en').says('help, my house is on fire')).toMatchObject({ intent: 'emergency', replies: [{ card: { kind: 'emergency', number: '119' } }, {}] })
  })

  it('files a report from one sentence and a few answers; the desk has it, and its receipt opens it', async () => {
    const amina = aCaller()
    let answer = await amina.says('有人昨晚在平安里偷了我的电瓶车')
    expect(answer.intent).toBe('report')
    answer = await amina.taps(answer, '后面的都跳过')
    answer = await amina.taps(answer, '匿名')
    answer = await amina.taps(answer, '提交')
    const card = answer.replies.flatMap(({ card }) => card ? [card] : []).find(({ kind }) => kind === 'report')
    if (card?.kind !== 'report') throw new Error(JSON.stringify(answer))

    const tracked = await send('GET', `/api/reports/${card.reference}`, { receipt: card.receipt ?? '' })
    expect(tracked.body).toMatchObject({ status: 'received', category: 'theft', contactMode: 'anonymous' })

    const followed = await amina.says(`${card.reference} ${card.receipt}`)
    expect(followed).toMatchObject({ intent: 'track', replies: [{ card: { kind: 'report', reference: card.reference, status: 'received' } }, {}] })
    answer = await amina.taps(followed, '撤回')
    await amina.taps(answer, '撤回')
    expect((await send('GET', `/api/reports/${card.reference}`, { receipt: card.receipt ?? '' })).body).toMatchObject({ status: 'closed' })
  })

  it('a report with a solved challenge stands among the others; without one, or with one that was used, it is taken all the same and read later', async () => {
    const cookie = await signedIn('lead')
    const file = async (altcha: string | undefined) => {
      const amina = aCaller()
      let answer = await amina.says('有人昨晚在平安里偷了我的电瓶车')
      answer = await amina.taps(answer, '后面的都跳过')
      answer = await amina.taps(answer, '匿名')
      const choice = answer.replies.flatMap(({ choices }) => choices ?? []).find(({ label }) => label === '提交')?.id
      const filed = await amina.turn({ choice, ...(altcha && { altcha }) })
      const card = filed.replies.flatMap(({ card }) => card?.kind === 'report' ? [card] : [])[0]
      const report = (await send('GET', `/api/desk/reports/${card?.reference}`, { cookie })).body as { report: { isUnverified: boolean } }
      return { isUnverified: report.report.isUnverified, saysSo: filed.replies.some(({ text }) => text.includes('自动核验')) }
    }
    const solved = await aChallenge()

    expect(await file(solved)).toEqual({ isUnverified: false, saysSo: false })
    for (const altcha of [undefined, solved, 'nonsense']) expect(await file(altcha), altcha?.slice(0, 8)).toEqual({ isUnverified: true, saysSo: true })
  }, 60_000)

  it('a call that is sent again answers the same and does nothing twice', async () => {
    const amina = aCaller()
    let answer = await amina.says('有人昨晚在平安里偷了我的电瓶车')
    answer = await amina.taps(answer, '后面的都跳过')
    answer = await amina.taps(answer, '匿名')
    const choice = answer.replies.flatMap(({ choices }) => choices ?? []).find(({ label }) => label === '提交')?.id
    const key = randomUUID()

    const [first, second] = [await amina.turn({ choice, idempotencyKey: key }), await amina.turn({ choice, idempotencyKey: key })]

    expect(second.replies).toEqual(first.replies)
  })

  it('a person is reached, and the bot is silent', async () => {
    const bo = aCaller('en')
    const asked = await bo.says('I want to talk to a human')
    expect(await bo.taps(asked, 'No, I will explain myself')).toMatchObject({ intent: 'person', replies: [{ card: { kind: 'handover' } }] })

    expect(await bo.says('It is about my neighbour')).toMatchObject({ intent: 'person', replies: [] })
  })

  it('refuses nothing said, too much, and a key that is too short', async () => {
    for (const json of [{}, { text: '  ' }, { text: 'x'.repeat(4001) }, { text: 'hello', idempotencyKey: 'short' }, { text: 'hello', conversation: 'short' }]) {
      expect(problemOf(await send('POST', '/api/chat', { json })).status, JSON.stringify(json).slice(0, 60)).toBe(422)
    }
  })

  it('holds a flood back, by address', async () => {
    const from = '10.99.98.97'
    const all = await Promise.all(Array.from({ length: 310 }, () => send('POST', '/api/chat', { json: { text: 'hi' }, from, timeoutMs: 30_000 })))

    expect(all.filter(({ status }) => status === 429).length).toBeGreaterThan(0)
    expect((await send('POST', '/api/chat', { json: { text: 'hi' } })).status).toBe(200)
  })
})

/** What stands in a page as letters: entities undone. */
const lettersOf = (html: string) => html.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', '\'').replaceAll('&amp;', '&')

describe('naughty strings in the chat', () => {
  it('are answered or refused with a sentence, never a fault', async () => {
    await forEach(naughtyStrings, 4, async (text) => {
      const { status, text: said } = await send('POST', '/api/chat', { json: { text, locale: 'en' }, timeoutMs: 20_000 })
      expect(text.trim() && isStorable(text) && text.length <= 4_000 ? [200] : [200, 413, 422], JSON.stringify(text).slice(0, 60)).toContain(status)
      expect(said).not.toMatch(/\bat \S+ \(|node_modules|PGRST/)
    })
  }, 300_000)

  it('stand on the page and at the desk as letters, and run nothing', async () => {
    const from = { 'x-forwarded-for': anAddress() }
    const browser = openBrowser(url)
    const say = (fields: Record<string, string>) => browser.post('/en/chat', { idempotencyKey: randomUUID(), ...fields }, from)
    await say({ text: 'I want to talk to a human' })
    const choice = /value="(nothing#[^"]+)"/.exec(await (await browser.get('/en/chat')).text())?.[1] ?? ''
    await say({ choice })
    const said = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '\u202Eright to left', 'مرحبا شرطة', '👩‍👩‍👧‍👦'.repeat(50), 'y'.repeat(4_000), '{{7*7}} ${7*7}', '</ol></enhance-chat-form>']
    for (const text of said) expect((await say({ text })).status, text.slice(0, 20)).toBe(303)

    const page = await (await browser.get('/en/chat')).text()
    for (const text of said) expect(lettersOf(page), text.slice(0, 20)).toContain(text)
    expect(page).not.toMatch(/<script>alert|<img src=x/)

    const cookie = await signedIn('lead')
    const { threads } = (await send('GET', '/api/desk/chat/threads?view=waiting&limit=100', { cookie })).body as { threads: { id: string, messages: number }[] }
    const thread = threads.find(({ messages }) => messages === said.length)
    const opened = (await send('GET', `/api/desk/chat/threads/${thread?.id}`, { cookie })).body as { messages: { text: string }[] }
    expect(opened.messages.map(({ text }) => text)).toEqual(said)
  }, 60_000)

  it('thirty megabytes of nonsense are refused before they are read to their end', async () => {
    const answer = await send('POST', '/api/chat', { body: new Blob(['{"text":"', 'x'.repeat(30 * 1024 * 1024), '"}']), headers: { 'content-type': 'application/json' }, timeoutMs: 30_000 })
    expect(problemOf(answer).status).toBe(413)

    const browser = openBrowser(url)
    const page = await browser.post('/zh/chat', { text: '说'.repeat(3 * 1024 * 1024) }).catch(() => undefined)
    expect(page === undefined || page.status === 413).toBe(true)
  }, 60_000)
})

describe('somebody else\'s conversation', () => {
  it('cannot be had by the id of it or of its thread, only by its secret', async () => {
    const bo = aCaller('en')
    const asked = await bo.says('I want to talk to a human')
    await bo.taps(asked, 'No, I will explain myself')
    await bo.says('It is about my neighbour, keep it to yourselves')
    const cookie = await signedIn('lead')
    const { threads } = (await send('GET', '/api/desk/chat/threads?view=waiting&limit=100', { cookie })).body as { threads: { id: string }[] }

    for (const { id } of threads) {
      const answer = await send('POST', '/api/chat', { json: { conversation: id, text: 'go on', locale: 'en' } })
      expect(answer.text).not.toContain('neighbour')
      for (const who of ['resident', 'auditor', 'admin'] as const) expect(problemOf(await send('GET', `/api/desk/chat/threads/${id}`, { cookie: await signedIn(who) })).status, who).toBeGreaterThanOrEqual(403)
    }
  }, 60_000)
})

describe('the page /chat', () => {
  it('sets no cookie before the first word; then one that no script reads; "end chat" takes it away with the conversation', async () => {
    const browser = openBrowser(url)
    const looked = await browser.get('/zh/chat')
    expect([looked.status, looked.headers.get('set-cookie')]).toEqual([200, null])

    const said = await browser.post('/zh/chat', { text: '你好', idempotencyKey: randomUUID() })
    expect([said.status, said.headers.get('location')]).toEqual([303, '/zh/chat#latest'])
    expect(said.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax$/i)
    expect(await (await browser.get('/zh/chat')).text()).toContain('智能助手')

    const ended = await browser.post('/zh/chat', { act: 'end' })
    expect(ended.headers.get('set-cookie')).toMatch(/Max-Age=0/i)
    const secret = secretOf(said.headers)
    expect((await send('POST', '/api/chat', { json: { conversation: secret, text: '/help' } })).status).toBe(200)
  })

  it('says that it ended; a choice of before the end starts anew', async () => {
    const browser = openBrowser(url)
    await browser.post('/zh/chat', { text: '你好', idempotencyKey: randomUUID() })
    const ended = await browser.post('/zh/chat', { act: 'end' })
    expect(ended.headers.get('location')).toBe('/zh/chat?ended')
    expect(await (await browser.get('/zh/chat?ended')).text()).toContain('聊天已经结束，内容都删掉了。')

    const { headers } = await browser.post('/zh/chat', { text: '退出', idempotencyKey: randomUUID() })
    expect(headers.get('location')).toBe('/zh/chat?ended')
  })

  it('sent twice, a form without script says it once; "exit" ends the chat and takes the cookie', async () => {
    const browser = openBrowser(url)
    const key = randomUUID()
    for (let time = 0; time < 2; time++) expect((await browser.post('/en/chat', { text: 'hello there', idempotencyKey: key })).status).toBe(303)
    expect((await (await browser.get('/en/chat')).text()).match(/hello there/g)).toHaveLength(1)

    const left = await browser.post('/en/exit', {})
    expect(left.headers.get('clear-site-data')).toContain('"storage"')
    expect(left.headers.getSetCookie().some(line => /linli-chat=;.*max-age=0/i.test(line))).toBe(true)
    expect(await (await browser.get('/en/chat')).text()).not.toContain('hello there')
  })

  it('asks a page with script for a challenge before a report is sent, and keeps the receipt on no other page than the next', async () => {
    const browser = openBrowser(url)
    const say = async (fields: Record<string, string>) => {
      await browser.post('/zh/chat', { idempotencyKey: randomUUID(), ...fields })
      return (await browser.get('/zh/chat')).text()
    }
    const choiceOf = (html: string, label: string) => new RegExp(`value="([^"]+)"[^>]*>${label}<`).exec(html)?.[1] ?? ''
    let page = await say({ text: '有人昨晚在平安里偷了我的电瓶车' })
    expect(page).not.toContain('name="altcha"')
    page = await say({ choice: choiceOf(page, '后面的都跳过') })
    page = await say({ choice: choiceOf(page, '匿名') })
    expect(page).toContain('name="altcha"')

    page = await say({ choice: choiceOf(page, '提交') })
    const receipt = /(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}/.exec(page)?.[0] ?? ''
    expect(receipt).not.toBe('')
    page = await say({ choice: choiceOf(page, '我存好了') })
    expect(page).not.toContain(receipt)
    expect(page).not.toContain('电瓶车')
  })
})
