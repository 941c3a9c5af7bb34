// Residents and the ladder (PRODUCT §2): what is asked, what happens next and by when, with and without script.
import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { budgets, weighPage } from '../bench/weigh-pages.ts'
import { caller } from '../desk-caller.ts'
import { openLadder, type LadderCase } from '../ladder.ts'
import { track } from './report-pages.ts'

let ladder: Awaited<ReturnType<typeof openLadder>>
let isScripted: boolean

test.describe.configure({ timeout: 120_000 })

test.beforeAll(async ({ baseURL, javaScriptEnabled }) => {
  ladder = await openLadder(baseURL ?? '')
  isScripted = javaScriptEnabled !== false
})

const main = (page: Page) => page.getByRole('main')
const send = (page: Page) => page.getByRole('button', { name: '提交答复' }).click()

/** axe has to run in the page. */
async function expectNoFaults(page: Page) {
  if (!isScripted) return
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

/** Not satisfied with this visit, said on the page. */
async function sayNo(page: Page, one: LadderCase, comment: string) {
  await page.goto(`/zh/reports/${one.reference}`)
  await page.getByRole('link', { name: '不满意', exact: true }).click()
  await expect(page.getByRole('radio', { name: '不满意' })).toBeChecked()
  await page.getByLabel('哪里办得好，哪里还没有办好？').fill(comment)
  await send(page)
}

test('amina sees who comes back by when, and answers that she is satisfied', async ({ page }) => {
  const amina = await ladder.accepted({ locale: 'zh' })
  await track(page, amina)
  await expect(main(page)).toContainText(/星期.，?\s?24:00 之前，民警会在这里给您写信/)
  await expect(main(page)).toContainText('我们不打电话、不上门')
  await expect(page.getByRole('link', { name: '满意', exact: true })).toHaveCount(0)

  await ladder.visit(amina, 'officer', { suggestions: [{ text: '路口装一盏灯。', dueOn: '2027-01-15' }] })
  await page.reload()
  await expect(page.getByRole('region', { name: '这件事办得您满意吗？' })).toContainText('民警在派出所回访了您')
  await expectNoFaults(page)
  await page.getByRole('link', { name: '满意', exact: true }).click()
  await expect(page.getByRole('radio', { name: '满意', exact: true })).toBeChecked()
  await expect(main(page)).toContainText('所里替您记下的“满意”会标明，您可以在十四天内改')
  await expectNoFaults(page)
  await send(page)

  await expect(page.getByRole('status').filter({ hasText: '谢谢您' })).toContainText('您表示满意，这件事不再回访')
  await expect(page.getByRole('region', { name: '回访经过' })).toContainText('您的答复：满意')
  await expect(page.getByRole('region', { name: '回访经过' })).toContainText('民警负责，2027年1月15日之前')
  await expect(page.getByRole('link', { name: '不满意', exact: true })).toHaveCount(0)
})

test('bo is not satisfied and sees it climb to the lead and to the chief, and ends it as unresolved with the ways outside', async ({ page }) => {
  const bo = await ladder.accepted({ locale: 'zh' })
  await ladder.visit(bo)
  await track(page, bo)
  await sayNo(page, bo, '还是老样子。')
  await expect(page.getByRole('status').filter({ hasText: '谢谢您' })).toContainText(/队长会在 .*24:00 之前在这里给您写信/)
  await expect(page.getByRole('region', { name: '接下来' })).toContainText('队长会在这里给您写信')

  await ladder.visit(bo, 'lead', { method: 'portal' })
  await sayNo(page, bo, '只来看了一眼。')
  await expect(page.getByRole('status').filter({ hasText: '谢谢您' })).toContainText(/所长会在/)
  await expect(page.getByRole('link', { name: '没有解决，我想到此为止' })).toHaveCount(0)

  await ladder.visit(bo, 'chief', { method: 'station' })
  await page.reload()
  await page.getByRole('link', { name: '没有解决，我想到此为止' }).click()
  await expect(page.getByRole('radio', { name: '没有解决，到此为止' })).toBeChecked()
  await page.getByText('派出所以外，可以请谁来查').click()
  await expectNoFaults(page)
  await send(page)

  await expect(page.getByRole('status').filter({ hasText: '已经记下' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('您选择了到此为止：没有解决')
  await expect(page.getByRole('region', { name: '接下来' })).toContainText('可以请派出所以外的部门来查')
  await expect(main(page)).not.toContainText('承办民警会去核实')
  for (const number of ['12389', '12345', '12309']) await expect(page.getByRole('link', { name: number })).toHaveAttribute('href', `tel:${number}`)
  for (const term of ['六十日内', '六个月内', '十五日内', '不予立案通知书：七日内', '以给您的通知书上写的为准']) await expect(main(page)).toContainText(term)
  await expect(main(page)).toContainText(`请说明查询编号 ${bo.reference}`)
  await expect(page.getByRole('listitem').filter({ hasText: '第 1 次：民警' })).toContainText('还是老样子。')
  await expectNoFaults(page)
})

test('who chooses nothing is told so at the top and keeps what was typed', async ({ page }) => {
  const chen = await ladder.accepted({ locale: 'zh' })
  await ladder.visit(chen)
  await track(page, chen)
  await page.goto(`/zh/reports/${chen.reference}/answer`)
  await page.getByLabel('哪里办得好，哪里还没有办好？').fill('等我想一想。')
  await send(page)

  await expect(page.getByRole('alert')).toBeFocused()
  await expect(page).toHaveTitle(/^出错：/)
  await expect(page.getByLabel('哪里办得好，哪里还没有办好？')).toHaveValue('等我想一想。')
  await expectNoFaults(page)
  await page.getByRole('alert').getByRole('link').click()
  await expect(page.getByRole('radio', { name: '满意', exact: true })).toBeFocused()
})

test('chen overturns what an officer wrote down at the door', async ({ page }) => {
  const chen = await ladder.accepted({ locale: 'zh' })
  await ladder.visit(chen, 'officer', { method: 'station', answer: 'satisfied', comment: '说挺好的' })
  await track(page, chen)
  await expect(page.getByRole('region', { name: '回访经过' })).toContainText('所里替您记下的答复：满意')
  await page.getByRole('link', { name: '不对，我不满意' }).click()
  await send(page)

  await expect(page.getByRole('status').filter({ hasText: '谢谢您' })).toContainText(/队长会在/)
  await expect(page.getByRole('region', { name: '回访经过' })).toContainText('您的答复：不满意所里原先记的是：满意')
})

test('a question that stands open in a second tab is answered once', async ({ page, context }) => {
  const amina = await ladder.accepted({ locale: 'zh' })
  await ladder.visit(amina)
  await track(page, amina)
  await page.goto(`/zh/reports/${amina.reference}/answer?answer=satisfied`)
  const second = await context.newPage()
  await second.goto(`/zh/reports/${amina.reference}/answer?answer=unsatisfied`)
  await send(page)
  await expect(page).toHaveURL(/\?answered$/)
  await send(second)

  await expect(second.getByRole('alert')).toContainText('没有做任何改动')
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('现在没有要您答复的')
  await expectNoFaults(second)
  expect((await ladder.tracked(amina)).revisits).toMatchObject([{ answer: 'satisfied' }])
})

test('whoever is signed in as the owner answers without a receipt, and no neighbour does', async ({ page, browser, baseURL }) => {
  const lin = await ladder.accepted({ by: await caller(baseURL ?? '', 'resident'), contact: { mode: 'sealed' }, locale: 'zh' })
  await ladder.visit(lin, 'officer', { method: 'portal' })
  const signIn = (tab: Page, name: string) => tab.context().request.post('/api/session', { data: { email: `${name}@demo.linli`, password: 'linli-demo' } })
  const neighbour = await browser.newPage({ ...(baseURL && { baseURL }) })
  await signIn(neighbour, 'resident2')
  await neighbour.goto(`/zh/reports/${lin.reference}/answer`)
  await expect(neighbour).toHaveURL(/\/zh\/reports\/track/)
  await neighbour.close()

  await signIn(page, 'resident')
  await page.goto(`/zh/reports/${lin.reference}`)
  await page.getByRole('link', { name: '满意', exact: true }).click()
  await send(page)
  await expect(page.getByRole('status').filter({ hasText: '谢谢您' })).toBeVisible()
})

test('the pages stay on their budgets with a ladder of four steps', async ({ page, context, javaScriptEnabled }) => {
  const bo = await ladder.accepted({ locale: 'zh' })
  await track(page, bo)
  for (const who of ['officer', 'lead', 'chief'] as const) {
    await ladder.visit(bo, who)
    await sayNo(page, bo, '还是老样子，晚上十一点以后最吵，孩子睡不着。')
    await expect(page).toHaveURL(/\?answered$/)
  }
  await ladder.visit(bo, 'chief')
  const weights = []
  for (const path of [`/zh/reports/${bo.reference}`, `/zh/reports/${bo.reference}/answer`]) weights.push(await weighPage(context, new URL(path, page.url()).href))

  expect(weights.filter(({ bytes }) => bytes > budgets.anyPage)).toEqual([])
  expect(weights.filter(({ scriptBytes }) => scriptBytes > budgets.scripts)).toEqual([])
  if (javaScriptEnabled === false) expect(weights.filter(({ requests }) => requests > budgets.requestsWithoutScript)).toEqual([])
})
