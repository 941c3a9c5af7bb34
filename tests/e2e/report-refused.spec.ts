import { expect, test, type Page } from '@playwright/test'
import { fillReport, send, track } from './report-pages.ts'
import { roomInWindow } from '../window-room.ts'

/** Each form as it is refused when nothing, or nothing useful, was given: its address, and what spoils it. */
const forms: { path: string, spoil?: (page: Page) => Promise<void>, press?: string }[] = [
  { path: '/zh/reports/new/category' },
  { path: '/zh/reports/new/place', spoil: page => page.getByRole('combobox').selectOption('') },
  { path: '/zh/reports/new/when', spoil: page => page.getByLabel('大概什么时候').fill('') },
  { path: '/zh/reports/new/details', spoil: page => page.getByLabel('请您讲讲经过').fill('') },
  { path: '/zh/reports/new/files', press: '添加' },
  { path: '/zh/reports/new/reach', spoil: page => page.getByLabel('姓名').fill('') },
  { path: '/zh/reports/track', press: '查看' },
  { path: '/zh/sign-in' },
  { path: '/zh/sign-up' },
]

/** The summary is the first thing of the page, has the focus, and each of its links leads to a control that can be focused. */
async function examine(page: Page, path: string) {
  const summary = page.getByRole('alert')
  await expect(summary, path).toBeFocused()
  const isFirst = await summary.evaluate(element => [...document.querySelectorAll('main *')].find(each => !each.matches('.back, enhance-upload-file')) === element)
  expect(isFirst, path).toBe(true)
  const links = summary.getByRole('link')
  expect(await links.count(), path).toBeGreaterThan(0)
  for (const link of await links.all()) {
    await link.click()
    await expect(page.locator(await link.evaluate(({ hash }: HTMLAnchorElement) => `[id="${decodeURIComponent(hash.slice(1))}"]`)), path).toBeFocused()
  }
}

test('every refused form says first what is wrong, has the focus there and leads to the fields', async ({ page }) => {
  test.setTimeout(120_000)
  await page.goto('/zh/reports/new/category')
  await page.getByRole('main').getByRole('button', { name: '继续', exact: true }).click()
  await examine(page, 'a first category')
  await fillReport(page, { mode: '实名' })
  for (const { path, spoil, press = '继续' } of forms.slice(1)) {
    await page.goto(path)
    await spoil?.(page)
    await page.getByRole('main').getByRole('button', { name: press, exact: true }).click()
    await examine(page, path)
  }
})

test('a letter without a word says so first', async ({ page }) => {
  await fillReport(page)
  await track(page, await send(page))
  await page.getByRole('button', { name: '寄出' }).click()

  await examine(page, 'letter')
})

test('whoever asks too often is told when to try again, and what was typed is still there', async ({ page }) => {
  const email = `often-${Math.random().toString(36).slice(2)}@example.test`
  await roomInWindow(60, 15)
  for (let time = 0; time < 2; time++) {
    await page.goto('/zh/sign-in')
    await page.getByLabel('邮箱').fill(email)
    const answered = page.waitForResponse(answer => answer.request().method() === 'POST')
    await page.getByRole('main').getByRole('button', { name: '继续', exact: true }).click()
    expect((await answered).status()).toBe(time ? 429 : 303)
    await page.waitForLoadState()
  }

  await expect(page.getByRole('alert')).toContainText(/短时间内提交次数太多，请过 \d+ 秒再试。您填写的内容还在。/)
  await expect(page.getByLabel('邮箱')).toHaveValue(email)
})
