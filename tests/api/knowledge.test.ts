import { beforeAll, describe, expect, it } from 'vitest'
import { articleCardsSchema, articleSchema } from '#shared/knowledge/article-schema'
import { threadListSchema } from '#shared/chat/thread-schema'
import { problemOf, send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
beforeAll(async () => {
  for (const who of ['officer', 'lead', 'auditor', 'admin', 'resident'] as const) cookies[who] = await signedIn(who)
})
const as = (who: string) => ({ cookie: cookies[who] ?? '' })

describe('GET /api/knowledge', () => {
  it('lists every article in the language asked for', async () => {
    const zh = articleCardsSchema.parse((await send('GET', '/api/knowledge?locale=zh')).body)

    expect(zh.articles.length).toBeGreaterThanOrEqual(51)
    expect(zh.articles.every(({ locale }) => locale === 'zh')).toBe(true)
  })

  it('searches, and reads one with its HTML', async () => {
    const { articles } = articleCardsSchema.parse((await send('GET', '/api/knowledge?locale=en&q=passport+lost')).body)
    expect(articles[0]?.slug).toBe('lost-id-card')

    const article = articleSchema.parse((await send('GET', '/api/knowledge/lost-id-card?locale=zh')).body)
    expect(article).toMatchObject({ locale: 'zh', reviewedOn: expect.stringMatching(/^20/) })
    expect(article.html).toContain('<h2>')
    expect(problemOf(await send('GET', '/api/knowledge/nothing-like-it')).code).toBe('not_found')
  })
})

describe('the desk', () => {
  it('shows a draft to nobody but staff', async () => {
    const text = { title: 'A draft', summary: 'Not yet.', ask: ['is it out'], body: 'Not yet.' }
    const saved = await send('POST', '/api/desk/knowledge', { ...as('lead'), json: { slug: 'a-draft', topic: 'rights', related: [], texts: { en: text }, base: 0 } })
    expect([saved.status, saved.body]).toEqual([200, { number: 1, state: 'hidden', taken: [] }])

    expect((await send('GET', '/api/knowledge/a-draft')).status).toBe(404)
    expect((await send('GET', '/api/desk/knowledge/a-draft', as('officer'))).status).toBe(200)
    expect(problemOf(await send('GET', '/api/desk/knowledge/a-draft', as('resident'))).code).toBe('forbidden')
    expect(problemOf(await send('POST', '/api/desk/knowledge/a-draft/publish', { ...as('officer'), json: { number: 1 } })).code).toBe('forbidden')
    expect((await send('POST', '/api/desk/knowledge/a-draft/publish', { ...as('lead'), json: { number: 1 } })).body).toEqual({ state: 'published' })
    expect((await send('GET', '/api/knowledge/a-draft?locale=zh')).body).toMatchObject({ locale: 'en', title: 'A draft' })
    expect((await send('POST', '/api/desk/knowledge/a-draft/publish', { ...as('lead'), json: { number: null } })).body).toEqual({ state: 'hidden' })
    expect((await send('GET', '/api/knowledge/a-draft')).status).toBe(404)
  })

  it('takes an article away, and with it every link to it from pages and other articles', async () => {
    const publish = (number: number | null) => send('POST', '/api/desk/knowledge/receipt-lost/publish', { ...as('lead'), json: { number } })
    const pages = ['/en/reports/track', '/zh/safety', '/zh/safety/track-report', '/zh/safety/patrol-points']
    const linked = async () => (await Promise.all(pages.map(page => send('GET', page)))).map(({ status, text }) => [status, text.includes('/safety/receipt-lost"')])
    expect(await linked()).toEqual(pages.map(() => [200, true]))

    await publish(null)
    try {
      expect(await linked()).toEqual(pages.map(() => [200, false]))
    }
    finally {
      await publish(1)
    }
    expect(await linked()).toEqual(pages.map(() => [200, true]))
  })

  it('names what is wrong with an article', async () => {
    const answer = await send('POST', '/api/desk/knowledge', { ...as('lead'), json: { slug: 'A b', topic: 'nonsense', related: [], texts: {}, base: 0 } })

    expect(answer.status).toBe(422)
    expect(Object.keys(problemOf(answer).errors ?? {})).toEqual(expect.arrayContaining(['slug', 'topic', 'texts']))
  })

  it('lists chats without a word of them, and to nobody who handles no reports', async () => {
    const { text, body } = await send('GET', '/api/desk/chat/threads?view=closed', as('officer'))
    const [thread] = threadListSchema.parse(body).threads

    expect(thread).toMatchObject({ state: 'closed', rating: 5 })
    expect(text).not.toContain('当晚就安静了')
    expect((await send('GET', `/api/desk/chat/threads/${thread?.id}`, as('officer'))).text).toContain('当晚就安静了')
    for (const who of ['auditor', 'admin', 'resident'] as const) {
      expect(problemOf(await send('GET', '/api/desk/chat/threads', as(who))).code).toBe('forbidden')
      expect(problemOf(await send('GET', `/api/desk/chat/threads/${thread?.id}`, as(who))).code).toBe('not_found')
    }
    expect(problemOf(await send('POST', `/api/desk/chat/threads/${thread?.id}/answers`, { ...as('officer'), json: { id: crypto.randomUUID(), text: 'too late' } })).code).toBe('conflict')
  })
})
