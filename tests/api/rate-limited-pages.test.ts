import { describe, expect, inject, it } from 'vitest'
import { openBrowser } from '../browser-jar.ts'
import { roomInWindow } from '../window-room.ts'
import { aReport, anAddress } from './portal-client.ts'

const { url } = inject('portal')
/** A page as it reads: without tags, entities for quotes undone. */
const wordsOf = async (answer: Response) => (await answer.text()).replace(/<(script|style)\b.*?<\/\1>/gs, '').replace(/<[^>]+>/g, ' ')

describe('a form that was sent too often', () => {
  it('says on its page when to try again, and keeps the letter that was typed', async () => {
    const from = { 'x-forwarded-for': anAddress() }
    const browser = openBrowser(url)
    const { reference, receipt } = await aReport()
    await browser.post('/en/reports/track', { reference, receipt }, from)
    const write = (text: string) => browser.post(`/en/reports/${reference}`, { text }, from)

    await roomInWindow(600, 110)
    for (let letter = 1; letter <= 30; letter++) expect((await write(`Letter ${letter}`)).status).toBe(303)
    const held = await write('The thirty-first letter.')
    const seconds = Number(held.headers.get('retry-after'))
    const page = await held.text()

    expect(held.status).toBe(429)
    expect(seconds).toBeGreaterThan(90)
    expect(page).toContain(`Try again in ${Math.ceil(seconds / 60)} minutes. What you typed is still here.`)
    expect(page).toMatch(/<textarea[^>]*>The thirty-first letter\.<\/textarea>/)
  }, 180_000)

  it('says so to whoever tries receipts, keeps the reference and never the receipt', async () => {
    const from = { 'x-forwarded-for': anAddress() }
    const browser = openBrowser(url)
    const guess = () => browser.post('/zh/reports/track', { reference: 'LL-0000-0000', receipt: '0123-4567-89AB-CDEF-GHJK-MNPQ' }, from)

    await roomInWindow(600, 110)
    for (let time = 0; time < 20; time++) expect((await guess()).status).toBe(422)
    const held = await guess()
    const page = await held.clone().text()

    expect(held.status).toBe(429)
    expect(await wordsOf(held)).toMatch(/短时间内提交次数太多，请过 \d+ 分钟再试。/)
    expect(page).toContain('value="LL-0000-0000"')
    expect(page).not.toContain('0123-4567')
  }, 180_000)

  it('in the chat, too, with what was typed', async () => {
    const from = { 'x-forwarded-for': anAddress() }
    const browser = openBrowser(url)
    const say = (text: string) => browser.post('/en/chat', { text, idempotencyKey: crypto.randomUUID() }, from)

    await roomInWindow(600, 20)
    const all = []
    for (let round = 0; round < 31; round++) all.push(...await Promise.all(Array.from({ length: 10 }, () => say('/help'))))
    const held = await say('And this I typed for ten minutes.')

    expect(held.status).toBe(429)
    expect(await held.text()).toMatch(/<textarea[^>]*>And this I typed for ten minutes\.<\/textarea>/)
  }, 180_000)
})
