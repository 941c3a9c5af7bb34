import { expect, test } from '@playwright/test'
import { fillReport, goOn, readReceipt, send, track } from './report-pages.ts'

test('a resident files a report, keeps the receipt and follows it', async ({ page }) => {
  await fillReport(page)
  const filed = await send(page)
  await expect(page.getByRole('main')).toContainText('民警看到您的内容')
  await page.getByRole('button', { name: '我存好了' }).click()

  await expect(page.getByRole('main')).not.toContainText(filed.receipt.slice(0, 4))
  await track(page, { ...filed, receipt: filed.receipt.toLowerCase().replaceAll('-', ' ') })

  await expect(page).toHaveURL(new RegExp(`/zh/reports/${filed.reference}$`))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('已经收到，等民警查看')
  await expect(page.getByRole('progressbar').first()).toBeVisible()
})

test('the receipt stands in no address on its way', async ({ page }) => {
  const addresses: string[] = []
  page.on('request', request => addresses.push(request.url()))

  await fillReport(page)
  const { receipt } = await send(page)
  await track(page, await readReceipt(page))

  expect(addresses.filter(address => address.replaceAll('-', '').includes(receipt.replaceAll('-', '')))).toEqual([])
})

test('danger now shows the numbers first and never blocks going on', async ({ page }) => {
  await page.goto('/zh/reports/new')
  await page.getByRole('button', { name: '有，现在就有危险' }).click()

  await expect(page.getByRole('main').locator('a[href="tel:110"]')).toBeVisible()
  await page.getByRole('link', { name: '继续填写' }).click()
  await expect(page.getByRole('radio').first()).toBeVisible()
})

test('a text that sounds like an emergency brings the call card, and the report can still be sent', async ({ page }) => {
  await fillReport(page, { description: '有人正在砸我家的门，救命' })

  await expect(page.getByRole('main').locator('a[href="tel:110"]')).toBeVisible()
  await send(page)
})

test('a step that is not answered says so and keeps the place; skipped steps lead back', async ({ page }) => {
  await page.goto('/zh/reports/new/check')
  await expect(page).toHaveURL(/\/reports\/new\/category$/)

  await goOn(page)

  await expect(page).toHaveTitle(/^出错/)
  await expect(page.getByRole('alert')).toBeFocused()
})

test('the steps are counted alike from the first page to the last, whoever gives a name', async ({ page }) => {
  await page.goto('/zh/reports/new/category')
  await expect(page.getByRole('main')).toContainText('第 1 步，共 7 步')
  await fillReport(page, { mode: '实名' })
  await expect(page.getByRole('main')).toContainText('第 6 步（续），共 7 步')
  await page.getByLabel('姓名').fill('王芳')
  await page.getByRole('radio', { name: '不要，只在这里回复' }).check()
  await goOn(page)

  await expect(page.getByRole('main')).toContainText('第 7 步，共 7 步')
  await expect(page).toHaveTitle(/\(7\/7\)/)
})

test('a changed answer leads back to the check', async ({ page }) => {
  await fillReport(page)
  await page.getByRole('link', { name: '更改 什么时候' }).click()
  await page.getByRole('radio', { name: '正在发生，或者刚刚' }).check()
  await goOn(page)

  await expect(page).toHaveURL(/\/reports\/new\/check$/)
})

test('a double click makes one report', async ({ page }) => {
  await fillReport(page)
  const cookies = await page.context().cookies()
  const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), 'sec-fetch-site': 'same-origin' }

  const answers = await Promise.all([1, 2, 3].map(() => page.request.post('/zh/reports/new/check', { headers, form: {}, maxRedirects: 0 })))
  expect(answers.map(answer => answer.status())).toEqual([303, 303, 303])
  const references = await Promise.all(answers.map(async (answer) => {
    const cookie = answer.headersArray().find(({ name, value }) => name.toLowerCase() === 'set-cookie' && /\/zh\/reports\/sent/.test(value))?.value.split(';')[0] ?? ''
    return /LL-\w{4}-\w{4}/.exec(await (await page.request.get('/zh/reports/sent', { headers: { cookie } })).text())?.[0]
  }))

  expect(references[0]).toBeDefined()
  expect(new Set(references).size).toBe(1)
})

test('leaving deletes the form in progress', async ({ page, request }) => {
  await fillReport(page)
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')

  const left = await request.post('/zh/exit', { headers: { cookie: cookies }, maxRedirects: 0 })
  const after = await request.get('/zh/reports/new/check', { headers: { cookie: cookies }, maxRedirects: 0 })

  expect(left.headers()['clear-site-data']).toContain('"cookies"')
  expect(after.headers().location).toMatch(/\/reports\/new\/category$/)
})

test('violence at home is answered in the portal only, unless the reporter says otherwise (RULES D3)', async ({ page }) => {
  await fillReport(page, { category: /^家庭暴力/, mode: '实名' })

  await expect(page.getByRole('radio', { name: '不要，只在这里回复' })).toBeChecked()
})
