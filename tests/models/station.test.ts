import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { chatAnswerSchema } from '#shared/chat/chat-call'
import { startPortal, type Portal } from '../portal.ts'
import { FakeBotApi, token } from '../telegram/fake-bot-api.ts'
import { Person } from '../telegram/person.ts'
import { aModelFolder } from './model-folder.ts'

/** On a busy machine the model's process waits for all others. */
const patience = { timeout: 55_000, interval: 400 }
const spoken = /the chat's model tiny is not used, words alone answer/g

const api = await new FakeBotApi().start()
afterAll(() => api.stop())

/** A station as `npm start` runs it: the portal and, as a process of its own, the bot. */
const startStation = (folder: string, dataDir?: string) => startPortal({
  env: { TRUST_PROXY: '1', CHAT_MODEL_DIR: folder, CHAT_MODEL: 'tiny', TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: api.apiRoot }, ...(dataDir && { dataDir }),
})

/** A new conversation each time, so that no question follows another. */
async function asks(portal: Portal, text: string, locale: 'zh' | 'en') {
  const answered = await fetch(`${portal.url}/api/chat`, { method: 'POST', body: JSON.stringify({ text, locale }), headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.7.${Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}` } })
  expect(answered.status).toBe(200)
  const { article, replies } = chatAnswerSchema.parse(await answered.json())
  return { article, offered: replies.flatMap(({ choices }) => choices ?? []).map(({ id }) => id) }
}
async function tells(text: string, language: 'zh' | 'en') {
  const lin = new Person(api, { language })
  await lin.says(text)
  await vi.waitFor(() => expect(lin.answers.length).toBeGreaterThan(0), patience)
  return { heard: lin.heard, offered: lin.answers.at(-1)?.buttons.map(button => button.text) ?? [] }
}

/** The processes that run a model, below a process. @see proc(5) */
function modelProcesses(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  return children.flatMap(child => [...(readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('feature-extraction') ? [child] : []), ...modelProcesses(child)])
}
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  }
  catch {
    return false
  }
}

let portal: Portal
const folder = aModelFolder()
beforeAll(async () => {
  portal = await startStation(folder)
}, 180_000)
afterAll(async () => {
  await portal?.stop()
  if (portal) rmSync(portal.dataDir, { recursive: true, force: true })
})

describe('a station with a model', () => {
  it('offers on the web what shares no word with the question, in both languages', async () => {
    for (const [question, locale] of [['汪啃', 'zh'], ['a woofer gnawed', 'en']] as const) {
      await vi.waitFor(async () => expect((await asks(portal, question, locale)).offered).toContain('article.dogs'), patience)
    }
    expect(await asks(portal, '电动车被偷了怎么办', 'zh')).toMatchObject({ article: 'ebike-theft' })
  })

  it('offers the same on Telegram, from the process of the bot', async () => {
    await vi.waitFor(async () => expect((await tells('汪啃', 'zh')).offered).toContainEqual(expect.stringContaining('狗')), { ...patience, interval: 1000 })
  })

  it('runs it in one process for each of the two, which end with them, and says nothing', async () => {
    const running = modelProcesses(portal.pid)
    expect(running).toHaveLength(2)
    expect(portal.output()).not.toMatch(spoken)
    const dataDir = portal.dataDir
    await portal.kill()
    await vi.waitFor(() => expect(running.filter(isRunning)).toEqual([]), { timeout: 5000, interval: 50 })

    portal = await startStation(aModelFolder({ model: false, code: 'none' }), dataDir)
  })
})

describe('the same station when the model is gone', () => {
  it('answers by words alone on both faces, and each of its processes says so once', async () => {
    for (let time = 0; time < 2; time++) {
      expect((await asks(portal, 'a woofer gnawed', 'en')).offered).not.toContain('article.dogs')
      expect(await asks(portal, '电动车被偷了怎么办', 'zh')).toMatchObject({ article: 'ebike-theft' })
      expect((await tells('电动车被偷了怎么办', 'zh')).heard).toContain('电动')
    }

    await vi.waitFor(() => expect(portal.output().match(spoken)).toHaveLength(2), patience)
    expect(modelProcesses(portal.pid)).toEqual([])
  })
})
