import { afterAll, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chatAnswerSchema } from '#shared/chat/chat-call'
import type { Portal } from '../portal.ts'
import { startPortal } from '../portal.ts'

/** Stated in the issue: second start ready in 5 s; twice that because other tests share the two cores. */
const readyLimitMs = 10_000

describe('a portal that was killed', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'linli-restart-'))
  const portals: Portal[] = []
  const start = async () => {
    const portal = await startPortal({ dataDir })
    portals.push(portal)
    return portal
  }

  afterAll(async () => {
    for (const portal of portals) await portal.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  /** One turn of the web chat. */
  const say = async ({ url }: Portal, turn: object) => {
    const answer = await fetch(`${url}/api/chat`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ locale: 'zh', ...turn }) })
    expect(answer.status).toBe(200)
    return chatAnswerSchema.parse(await answer.json())
  }
  const choiceOf = ({ replies }: Awaited<ReturnType<typeof say>>, label: string) => replies.flatMap(({ choices }) => choices ?? []).find(choice => choice.label === label)?.id
  let told: Awaited<ReturnType<typeof say>>

  it('opens its data folder again after kill -9 of every process, with the same keys', async () => {
    const first = await start()
    told = await say(first, { text: '有人昨晚在平安里偷了我的电瓶车' })
    await first.kill()
    const startedAt = Date.now()

    const second = await start()

    expect(Date.now() - startedAt).toBeLessThan(readyLimitMs)
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200)
    expect(second.keys).toEqual(first.keys)
  })

  it('goes on in the middle of a report that is being told in the chat, and files it once though "send" came twice around a kill', async () => {
    const second = portals.at(-1)!
    const { conversation } = told
    const contact = await say(second, { conversation, choice: choiceOf(told, '后面的都跳过') })
    const check = await say(second, { conversation, choice: choiceOf(contact, '匿名') })
    expect(check.replies.at(-1)?.card).toMatchObject({ kind: 'summary', rows: expect.arrayContaining([{ label: '经过', value: '有人昨晚在平安里偷了我的电瓶车' }]) })
    const send = { conversation, choice: choiceOf(check, '提交'), idempotencyKey: 'sent-again-after-the-kill-1' }
    const filed = await say(second, send)
    await second.kill()

    const again = await say(await start(), send)

    expect(again.replies).toEqual(filed.replies)
    expect(filed.replies[0]?.card).toMatchObject({ kind: 'report', reference: expect.stringMatching(/^LL-/), receipt: expect.any(String) })
  })

  it('says in words that the chat cannot be reached while the database is away, and holds what was typed', async () => {
    const { url, holdDatabase } = portals.at(-1)!
    const secFetch = { 'sec-fetch-site': 'same-origin' }
    const wake = holdDatabase()
    try {
      const posted = await fetch(`${url}/zh/chat`, { method: 'POST', headers: secFetch, body: new URLSearchParams({ text: '我写了很久的一段话' }), redirect: 'manual' })
      const page = await posted.text()
      expect(posted.status).toBe(503)
      expect(page).toMatch(/<textarea[^>]*>我写了很久的一段话<\/textarea>/)
      const looked = await fetch(`${url}/zh/chat`, { headers: { cookie: 'linli-chat=a-secret-of-a-browser-with-a-chat' } })
      expect([looked.status, looked.headers.get('retry-after')]).toEqual([503, '5'])
      expect(await looked.text()).toContain('现在连不上，看不到之前的对话')
    }
    finally {
      wake()
    }
  })

  it('leaves no process behind when it stops', async () => {
    const portal = await start().catch((error: unknown) => String(error))

    expect(portal, 'the one of the test before still holds the folder').toContain('is in use by another Linli')

    const running = portals.at(-1)
    await running?.stop()

    await expect(fetch(`${running?.url}/healthz`)).rejects.toThrow()
    await expect(fetch(`${running?.supabaseUrl}/auth/v1/health`)).rejects.toThrow()
  })
})
