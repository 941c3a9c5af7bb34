import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { fillReport, goOn, readReceipt, send, track } from './report-pages.ts'

/** The demo has an open public traffic report by the school in Xuefu Street. */
const nearTheSchool = { category: /^交通问题/, grid: 'PA-04' }

async function signIn(page: Page, name: string) {
  const answer = await page.context().request.post('/api/session', { data: { email: `${name}@demo.linli`, password: 'linli-demo' } })
  expect(answer.status()).toBe(204)
}

test('a neighbour follows the same report instead: own words are deleted, and the receipt shows its states only', async ({ page }) => {
  await fillReport(page, { ...nearTheSchool, description: '我写的这一段不要提交。' })
  await page.getByRole('link', { name: '就是这件事，改为关注它' }).first().click()
  await page.getByRole('button', { name: '关注这件事' }).click()

  await expect(page).toHaveURL(/\/zh\/reports\/sent$/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('已经关注')
  const followed = await readReceipt(page)
  await page.getByRole('button', { name: '我存好了' }).click()
  await page.goto('/zh/reports/new/check')
  await expect(page, 'the draft is gone').toHaveURL(/\/reports\/new\/category$/)

  await track(page, followed)
  const main = page.getByRole('main')
  await expect(main).toContainText('您关注的是邻居反映的事，这里只显示办到哪一步。')
  await expect(main).toContainText('已受理')
  await expect(main.getByRole('textbox')).toHaveCount(0)
  for (const hidden of ['往来信件', '您写的内容', '谁打开过', '撤回', '从车缝里往外钻', '我写的这一段']) await expect(main, hidden).not.toContainText(hidden)
  await expect(page.getByRole('banner').getByRole('link', { name: 'English' }), 'nothing is typed here').toBeVisible()
})

test('whoever is signed in as the owner follows without a receipt, and nobody else does', async ({ page, browser }) => {
  await signIn(page, 'resident')
  await page.goto('/zh/account/reports')
  await page.getByRole('main').getByRole('listitem').filter({ hasText: 'LL-DEM0-2026' }).locator('a[href$="/reports/LL-DEM0-2026"]').click()

  await expect(page).toHaveURL(/\/zh\/reports\/LL-DEM0-2026$/)
  await expect(page.getByRole('article').first()).toContainText('林阿姨您好')
  await expect(page.getByRole('textbox', { name: '写信或补充情况' })).toBeVisible()
  const picture = await page.request.get(await page.getByRole('link', { name: /^查看 照片/ }).getAttribute('href') ?? '')
  expect([picture.status(), picture.headers()['content-type']]).toEqual([200, 'image/jpeg'])

  const other = await browser.newPage({ baseURL: new URL(page.url()).origin })
  await signIn(other, 'resident2')
  await other.goto('/zh/reports/LL-DEM0-2026')
  await expect(other).toHaveURL(/\/zh\/reports\/track/)
  await other.close()
})

test('a signed-in resident finds their own community chosen, may choose another, and may say nothing', async ({ page }) => {
  await signIn(page, 'resident2')
  const begin = async () => {
    await page.goto('/zh/reports/new/category')
    await page.getByRole('radio', { name: /^盗窃/ }).check()
    await goOn(page)
    await page.waitForURL('**/reports/new/place')
  }
  await begin()
  await expect(page.getByRole('combobox')).toHaveValue('chang-le')
  await expect(page.getByRole('main')).toContainText('已按您的账号选了您住的社区')
  await page.getByLabel('不清楚，或不想说').check()
  await goOn(page)
  await page.waitForURL('**/reports/new/when')
  await page.goto('/zh/reports/new/place')
  await expect(page.getByRole('combobox'), 'not saying wins over the account').toHaveValue('')
  await page.getByRole('combobox').selectOption('ping-an')
  await page.getByLabel('不清楚，或不想说').uncheck()
  await goOn(page)
  await page.waitForURL('**/reports/new/when')
  await page.goto('/zh/reports/new/place')
  await expect(page.getByRole('combobox')).toHaveValue('ping-an')
})

test('the contact step asks a guest for one thing, and whoever is signed in for nothing: never both', async ({ page }) => {
  await fillReport(page, { mode: '实名' })
  await expect(page.getByRole('main')).toContainText('至少填一项')
  await expect(page.getByRole('main')).not.toContainText('可以都不填')

  await signIn(page, 'resident2')
  await page.reload()
  await expect(page.getByRole('main')).toContainText('只在这里回复的，下面可以都不填')
  await expect(page.getByRole('main')).not.toContainText('至少填一项')
  await page.getByRole('radio', { name: '不要，只在这里回复' }).check()
  await goOn(page)
  await page.waitForURL('**/reports/new/check')
})

test('a guest finds no community chosen', async ({ page }) => {
  await page.goto('/zh/reports/new/category')
  await page.getByRole('radio', { name: /^盗窃/ }).check()
  await goOn(page)
  await page.waitForURL('**/reports/new/place')

  await expect(page.getByRole('combobox')).toHaveValue('')
})

test('the receipt file says the time as the station\'s clock does', async ({ page }) => {
  await fillReport(page)
  await send(page)
  await expect(page.getByText('到进度页可以下载完整的回执文件', { exact: false })).toBeVisible()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载回执（文本文件）' }).click()])
  const [, line = ''] = /^(收到时间：.*)$/m.exec(await readFile(await download.path(), 'utf8')) ?? []

  expect(line).toMatch(/^收到时间：20\d\d年\d+月\d+日 \d\d:\d\d（中国标准时间）$/)
})
