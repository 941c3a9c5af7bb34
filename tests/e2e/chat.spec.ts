import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { deskThreadSchema, threadListSchema } from '#shared/chat/thread-schema'
import { caller } from '../desk-caller.ts'
import { openLadder } from '../ladder.ts'

/** A first answer builds the index of the articles. */
const patient = expect.configure({ timeout: 30_000 })
const form = (page: Page) => page.locator('enhance-chat-form')
const log = (page: Page) => page.getByRole('log')
const labels = { zh: ['您想说什么？', '发送'], en: ['What would you like to say?', 'Send'] } as const

async function says(page: Page, locale: 'zh' | 'en', text: string) {
  const [label, button] = labels[locale]
  await page.getByLabel(label).fill(text)
  await page.locator('.chat-say').getByRole('button', { name: button, exact: true }).click()
  await answered(page)
}
async function taps(page: Page, label: string) {
  await page.locator('.chat-choices').getByRole('button', { name: label, exact: true }).click()
  await answered(page)
}
async function answered(page: Page) {
  await page.waitForLoadState()
  await patient(form(page)).not.toHaveAttribute('aria-busy')
}
/** axe has to run in the page. */
async function expectNoFaults(page: Page, isScripted: boolean) {
  if (!isScripted) return
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

test('amina asks, reports her e-bike in one sentence, follows it, answers the visit, and ends the chat', async ({ page, context, baseURL, javaScriptEnabled }) => {
  test.setTimeout(240_000)
  const portal = baseURL ?? ''
  const isScripted = javaScriptEnabled !== false
  let loads = 0
  page.on('load', () => { loads += 1 })
  await page.goto('/zh/chat')
  await expectNoFaults(page, isScripted)
  await says(page, 'zh', '电动车被偷了怎么办')
  await patient(log(page)).toContainText('电动自行车被偷了怎么办')
  await expect(log(page).getByRole('link', { name: '看全文' })).toHaveAttribute('href', '/zh/safety/ebike-theft')

  await says(page, 'zh', '有人昨晚在平安里偷了我的电瓶车')
  await patient(log(page)).toContainText('明白了：盗窃')
  await taps(page, '后面的都跳过')
  await taps(page, '匿名')
  await patient(log(page)).toContainText('点“提交”以前，什么都不会发出去')
  await expectNoFaults(page, isScripted)
  await taps(page, '提交')
  await patient(log(page)).toContainText(/LL-[0-9A-Z]{4}-[0-9A-Z]{4}/)
  const said = await log(page).innerText()
  const [reference = '', receipt = ''] = [/LL-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(said)?.[0], /(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}/.exec(said)?.[0]]
  // Without script nothing showed that this is no flood: it is taken, read later, and she is told.
  expect(said.includes('没有经过自动核验')).toBe(!isScripted)
  const lead = await caller(portal, 'lead')
  expect(await lead.call('GET', `desk/reports/${reference}`)).toMatchObject({ status: 200, body: { report: { isUnverified: !isScripted } } })
  await expectNoFaults(page, isScripted)
  await taps(page, '我存好了')
  await expect(log(page)).not.toContainText(receipt)
  await expect(log(page)).not.toContainText('偷了我的电瓶车')

  const ladder = await openLadder(portal)
  const officer = await caller(portal, 'officer')
  expect((await officer.call('POST', `desk/reports/${reference}/accept`, {})).status).toBeLessThan(300)
  await ladder.visit({ reference, receipt })
  await says(page, 'zh', `${reference} ${receipt}`)
  await patient(log(page)).toContainText('有一次回访等您回答')
  await expect(log(page), 'a receipt that was typed is not kept').not.toContainText(receipt)
  await taps(page, '回答回访')
  await taps(page, '满意')
  await taps(page, '不用了')
  await taps(page, '发出')
  await patient(log(page)).toContainText('记下了，谢谢您。')
  expect((await ladder.lastStep({ reference, receipt })).answer).toBe('satisfied')
  if (isScripted) expect(loads, 'nothing was loaded anew').toBe(1)

  await page.getByRole('button', { name: '结束聊天并删除' }).click()
  await expect(page.getByRole('status').filter({ hasText: '聊天已经结束，内容都删掉了。' })).toBeVisible()
  await expect(log(page)).not.toContainText(reference)
  expect((await context.cookies()).filter(({ name }) => name === 'linli-chat')).toEqual([])
})

test('bo, in English: danger shows the number, an officer answers from the desk, bo comes back to the assistant and rates', async ({ page, browser, baseURL, javaScriptEnabled }) => {
  test.setTimeout(240_000)
  const portal = baseURL ?? ''
  const isScripted = javaScriptEnabled !== false
  const words = `It is about my neighbour ${crypto.randomUUID()}`
  await page.goto('/en/chat')
  await says(page, 'en', 'help, my house is on fire')
  await expect(log(page).getByRole('link', { name: '119' })).toHaveAttribute('href', 'tel:119')
  await says(page, 'en', 'I want to talk to a human')
  await taps(page, 'No, I will explain myself')
  await patient(log(page)).toContainText('Passed on')
  await says(page, 'en', words)
  await expect(log(page).locator('li').last()).toContainText(words)
  await expectNoFaults(page, isScripted)

  const desk = await browser.newContext({ javaScriptEnabled: true, viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  const officer = await desk.newPage()
  expect((await desk.request.post('/api/session', { data: { email: 'officer@demo.linli', password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  await officer.goto(`/en/desk/chats/${await threadThatSays(words, portal)}`)
  await patient(officer.getByText(words)).toBeVisible()
  await officer.getByLabel('Answer').fill('Good evening. What does your neighbour do?')
  await officer.getByRole('button', { name: 'Send' }).click()
  await expect(officer.getByRole('region', { name: 'Since then' }).getByText('What does your neighbour do?')).toBeVisible()
  await expectNoFaults(officer, true)

  if (!isScripted) await page.reload()
  await patient(log(page)).toContainText('Good evening. What does your neighbour do?')
  await expect(page.getByText('An officer is talking with you')).toBeVisible()
  await officer.getByRole('button', { name: 'End the chat' }).click()
  await officer.getByRole('dialog').getByRole('button', { name: 'End the chat' }).click()
  await patient(officer.getByText('Not rated.')).toBeVisible()

  if (!isScripted) await page.reload()
  await patient(page.getByText('The officer has ended the conversation. How was it?')).toBeVisible()
  await page.locator('.chat-choices button[value="rate.4"]').click()
  await answered(page)
  await patient(log(page)).toContainText('Thank you')
  await expect(log(page)).not.toContainText('rate.4')
  await officer.reload()
  await patient(officer.getByText('rated 4 of 5')).toBeVisible()
  await says(page, 'en', 'my e-bike was stolen, what should I do')
  await patient(log(page)).toContainText('My e-bike was stolen')
  await desk.close()
})

test('what was half typed outlives a change of language', async ({ page }) => {
  await page.goto('/zh/chat')
  await page.getByLabel('您想说什么？').fill('想了很久才写的话')
  await page.getByRole('button', { name: 'English' }).click()
  await page.waitForURL('**/en/chat')
  await expect(page.getByLabel('What would you like to say?')).toHaveValue('想了很久才写的话')
})

/** The chat that waits at the desk and holds these words. */
async function threadThatSays(words: string, baseURL: string): Promise<string> {
  const lead = await caller(baseURL, 'lead')
  const { threads } = threadListSchema.parse((await lead.call('GET', 'desk/chat/threads?view=waiting&limit=100')).body)
  for (const { id } of threads.reverse()) {
    const { messages } = deskThreadSchema.parse((await lead.call('GET', `desk/chat/threads/${id}`)).body)
    if (messages.some(({ text }) => text === words)) return id
  }
  throw new Error('no chat at the desk has these words')
}
