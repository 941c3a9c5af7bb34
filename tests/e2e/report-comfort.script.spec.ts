import { expect, test } from '@playwright/test'
import { fillReport, goOn, send } from './report-pages.ts'

test('with script the report carries a solved challenge and is not marked unverified', async ({ page }) => {
  await fillReport(page)
  const posted = page.waitForRequest(request => request.method() === 'POST' && request.url().endsWith('/reports/new/check'))
  await send(page)

  expect((await posted).postData()).toMatch(/altcha=ey/)
})

test('what is typed survives a reload when the visitor wants it to, and goes with the send', async ({ page }) => {
  await fillReport(page)
  await page.goto('/zh/reports/new/details?from=check')
  await page.getByLabel('在这部设备上保存').check()
  await page.getByLabel('车牌').or(page.getByLabel('大约值多少钱')).first().fill('1200')
  await page.reload()

  await expect(page.getByLabel('大约值多少钱')).toHaveValue('1200')
  await goOn(page)
  await send(page)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test('the device keeps nothing about violence at home', async ({ page }) => {
  await fillReport(page, { category: /^家庭暴力/ })
  await page.goto('/zh/reports/new/details?from=check')

  await expect(page.getByLabel('请您讲讲经过')).toBeVisible()
  await expect(page.getByLabel('在这部设备上保存')).toHaveCount(0)
})

test('without a network the form waits, says so, and goes by itself later', async ({ page, context }) => {
  await fillReport(page)
  await page.goto('/zh/reports/new/details?from=check')
  await context.setOffline(true)
  await goOn(page)
  await expect(page.getByText('现在没有网络')).toBeVisible()

  await context.setOffline(false)

  await expect(page).toHaveURL(/\/reports\/new\/check$/)
})

test('the receipt can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await fillReport(page)
  const { receipt } = await send(page)
  await page.getByRole('button', { name: '复制' }).click()

  await expect(page.getByText('已复制')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(receipt)
})
