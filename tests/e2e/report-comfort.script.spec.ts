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

test('"back" after a refused step leads to the step before, not to a form to be sent again', async ({ page }) => {
  await fillReport(page)
  await page.goto('/zh/reports/new/place')
  await page.goto('/zh/reports/new/details')
  const typed = page.getByLabel('请您讲讲经过')
  await typed.fill('')
  await goOn(page)
  await expect(page.getByRole('alert')).toBeFocused()
  await expect(page).toHaveTitle(/^出错/)
  await typed.fill(' ')
  await goOn(page)
  await expect(page.getByRole('alert')).toBeFocused()

  await page.goBack()

  await expect(page).toHaveURL(/\/reports\/new\/place$/)
  await expect(page.getByRole('combobox')).toHaveValue('PA-01')
})

test('what is refused and then put right goes on by script as before', async ({ page }) => {
  await page.goto('/zh/reports/new/category')
  await goOn(page)
  await expect(page.getByRole('alert')).toBeFocused()
  await page.getByRole('radio', { name: /^盗窃/ }).check()
  await goOn(page)
  await expect(page).toHaveURL(/\/reports\/new\/place$/)
  await goOn(page)
  await expect(page.getByRole('alert')).toBeFocused()
  await page.locator('[data-grid="PA-02"]').click()
  await expect(page.getByRole('combobox')).toHaveValue('PA-02')
  await goOn(page)

  await expect(page).toHaveURL(/\/reports\/new\/when$/)
})

test('leaving while a step is on its way stays left', async ({ page }) => {
  await page.route('https://www.weather.com.cn/**', route => route.fulfill({ body: 'weather' }))
  await fillReport(page)
  await page.goto('/zh/reports/new/details?from=check')
  await page.route('**/reports/new/details', async (route) => {
    await new Promise(resolve => setTimeout(resolve, 1500))
    await route.continue().catch(() => undefined)
  })
  await goOn(page)
  await page.getByRole('button', { name: '离开本页' }).click()
  await page.waitForURL('https://www.weather.com.cn/**')
  await page.waitForTimeout(2000)

  expect(page.url()).toContain('weather.com.cn')
})

test('the receipt can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await fillReport(page)
  const { receipt } = await send(page)
  await page.getByRole('button', { name: '复制' }).click()

  await expect(page.getByText('已复制')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(receipt)
})
