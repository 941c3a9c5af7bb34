import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { startPortal, type Portal } from '../portal.ts'
import { FakeBotApi, token } from '../telegram/fake-bot-api.ts'
import { Person } from '../telegram/person.ts'

const secret = 'a-secret-of-the-tests-0123456789'
const until = async (what: () => boolean, ms = 30_000) => {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 50))) if (what()) return
  throw new Error('it did not come to that')
}

describe('by webhook', () => {
  let api: FakeBotApi
  let portal: Portal
  let dataDir = ''
  const env = () => ({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: api.apiRoot, TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: secret })

  beforeAll(async () => {
    api = await new FakeBotApi().start()
    portal = await startPortal({ env: env() })
    dataDir = portal.dataDir
    await until(() => api.pusher.hook !== undefined)
  }, 240_000)
  afterAll(async () => {
    await portal?.stop()
    await api?.stop()
  })
  const post = (body: string, headers: Record<string, string> = {}) => fetch(`${portal.url}/api/telegram/webhook`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  const signed = { 'x-telegram-bot-api-secret-token': secret }

  it('the portal tells Telegram its address, its secret and its commands in every language', () => {
    expect(api.pusher.hook).toEqual({ url: `${portal.url}/api/telegram/webhook`, secret, maxConnections: 40 })
    expect(api.commands).toHaveLength(3)
    expect(JSON.stringify(api.commands)).toMatch(/report.*track.*officer.*exit.*delete.*help/)
  })

  it('without the secret, or with a wrong one, nothing is kept', async () => {
    const lin = new Person(api)
    const body = JSON.stringify(lin.writes('/help'))

    const answers = await Promise.all([post(body), post(body, { 'x-telegram-bot-api-secret-token': `${secret}x` }), post(body, { 'x-telegram-bot-api-secret-token': '' })])

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403])
    await new Promise(resolve => setTimeout(resolve, 800))
    expect(lin.answers).toEqual([])
  })

  it('what is no update is refused or let go, and never fails', async () => {
    const statuses = await Promise.all(['{', '[]', '{"update_id":"x"}', '{"update_id":1}', `"${'x'.repeat(600_000)}"`].map(async body => (await post(body, signed)).status))

    expect(statuses).toEqual([400, 200, 200, 200, 413])
    expect((await fetch(`${portal.url}/api/telegram/webhook`)).status).toBeGreaterThanOrEqual(404)
  })

  it('an update that is delivered three times is answered once', async () => {
    const lin = new Person(api, { language: 'en' })
    const update = lin.writes('/help')

    expect(await Promise.all([api.pusher.deliver(update), api.pusher.deliver(update), api.pusher.deliver(update)])).toEqual([200, 200, 200])
    await lin.hears('assistant')
    await new Promise(resolve => setTimeout(resolve, 1500))

    expect(lin.answers).toHaveLength(1)
  })

  it('kill -9 of everything loses nothing: Telegram sends again what was not answered', async () => {
    const people = Array.from({ length: 5 }, () => new Person(api, { language: 'en' }))
    const first = people.map(person => person.says('/help'))
    await portal.kill()
    const second = people.map(person => person.says('/officer'))
    portal = await startPortal({ env: env(), dataDir })
    await Promise.all([...first, ...second])

    for (const person of people) {
      await person.hears('assistant', { ms: 60_000 })
      await person.hears('Which community', { ms: 60_000 })
    }
    expect(people.map(({ answers }) => answers.filter(({ text }) => text.includes('Which community')).length)).toEqual([1, 1, 1, 1, 1])
  }, 240_000)

  it('an account is linked from its page, by a link that is shown once, and unlinked there', async () => {
    const lin = new Person(api, { language: 'en' })
    const origin = { 'origin': portal.url, 'sec-fetch-site': 'same-origin' }
    const signIn = await fetch(`${portal.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', ...origin }, body: JSON.stringify({ email: 'resident2@demo.linli', password: 'linli-demo' }) })
    const cookie = signIn.headers.getSetCookie().map(line => line.split(';')[0]).join('; ')
    const page = (init: RequestInit = {}) => fetch(`${portal.url}/en/account/telegram`, { ...init, redirect: 'manual', headers: { cookie, ...origin, ...init.headers } })
    const send = (fields: Record<string, string>) => page({ method: 'POST', body: new URLSearchParams(fields) })

    const shown = await (await send({ act: 'link' })).text()
    const [, start] = /https:\/\/t\.me\/linli_test_bot\?start=([\w-]{24})/.exec(shown) ?? []
    expect(await (await page()).text()).not.toContain('start=')
    await lin.says(`/start ${start}`)
    await lin.hears('r•••@demo.linli')
    await lin.taps('Link')
    await lin.hears('now linked')

    expect(await (await page()).text()).toContain('A chat is linked')
    expect((await send({ act: 'news', news: 'telegram' })).headers.get('location')).toBe('/en/account/telegram?done=news')
    expect((await send({ act: 'unlink' })).headers.get('location')).toBe('/en/account/telegram?done=unlinked')
    expect(await (await page()).text()).not.toContain('A chat is linked')
  })

  it('the log has neither words nor chats, references nor receipts', async () => {
    const lin = new Person(api)
    const [reference, receipt] = ['LL-7141-ZZZZ', 'ZZZZ-7141-ZZZZ-7141-ZZZZ-7141']
    await lin.says('昨晚有人在平安里偷了我的电瓶车')
    await lin.hears('端到端加密')
    await lin.says('/cancel')
    await lin.says(`/track ${reference} ${receipt}`)
    await lin.hears('没有找到', { ms: 30_000 })

    expect(portal.output()).not.toMatch(new RegExp(`电瓶车|${lin.chat}|${token}|${reference}|${receipt}|${receipt.replaceAll('-', '')}`))
    expect(portal.output()).toContain('/api/telegram/webhook')
  })
})

describe('by polling', () => {
  it('npm start runs the bot beside the portal, and starts it again when it dies', async () => {
    const api = await new FakeBotApi().start()
    const portal = await startPortal({ env: { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: api.apiRoot } })
    try {
      const lin = new Person(api, { language: 'en' })
      await lin.says('/help')
      await lin.hears('assistant', { ms: 60_000 })
      const children = readFileSync(`/proc/${portal.pid}/task/${portal.pid}/children`, 'utf8').trim().split(' ').map(Number)
      const bot = children.find(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('bot/main.ts'))
      process.kill(bot ?? Number.NaN, 'SIGKILL')
      await until(() => portal.output().includes('it is started again'))
      await lin.says('/officer')

      await lin.hears('Which community', { ms: 60_000 })
      expect((await fetch(`${portal.url}/healthz`)).status).toBe(200)
    }
    finally {
      await portal.stop()
      await api.stop()
    }
  }, 240_000)
})
