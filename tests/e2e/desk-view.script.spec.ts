import { expect, test, type Browser } from '@playwright/test'
import { caller, fileReport } from '../desk-caller.ts'
import { fillReport, send } from './report-pages.ts'

/** A page of somebody who is signed in already. */
async function as(browser: Browser, account: string, width = 1280) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width, height: 844 } })
  await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })
  return context.newPage()
}

test('a row says place, state and clock once at every width, and nothing scrolls sideways', async ({ browser, baseURL }) => {
  const { reference } = await fileReport(String(baseURL))
  // Looked at first: a test beside this one may open what stands first in the list, and the clock that runs would be another.
  expect((await (await caller(String(baseURL), 'officer')).call('GET', `desk/reports/${reference}`)).status).toBe(200)
  for (const account of ['officer', 'chief']) {
    const page = await as(browser, account)
    await page.goto(`/en/desk?q=${reference}`)
    for (const width of [360, 768, 1024, 1280, 1440, 1920]) {
      await page.setViewportSize({ width, height: 900 })
      const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: reference }) })
      await expect(row).toHaveCount(1)
      await expect(page.getByRole('columnheader')).toHaveCount(width >= 1280 ? 7 : 1)

      // Names of places come with the reference data, a moment after the row.
      for (const once of [/Ping'an/g, /New/g, /answer within/g]) await expect.poll(async () => (await row.textContent())?.match(once)?.length, `${once} for ${account} at ${width} px`).toBe(1)
      expect(await row.textContent(), 'the clock of the first look has stopped').not.toContain('look within')
      expect(await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.desk-body, .desk-body .overflow-x-auto')].filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.className))).toEqual([])
    }
    await page.context().close()
  }
})

test('the log fits a phone', async ({ browser }) => {
  const page = await as(browser, 'chief', 360)

  await page.goto('/en/desk/audit')
  await expect(page.getByRole('list', { name: 'Entries of the log' }).getByRole('listitem').first()).toBeVisible()

  expect(await page.evaluate(() => [...document.querySelectorAll('*')].filter(box => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== 'visible' && box.clientWidth > 1).map(box => `${box.tagName} ${box.className}`))).toEqual([])
})

test('everyone sees what their role can use', async ({ browser }) => {
  const admin = await as(browser, 'admin')
  for (const path of ['/en/desk/audit', '/en/desk/bans']) {
    await admin.goto(path)
    await expect(admin.getByText('You cannot see reports, by design', { exact: false })).toBeVisible()
    await expect(admin.getByRole('group', { name: 'Filters' })).toHaveCount(0)
  }
  const officer = await as(browser, 'officer')
  await officer.goto('/en/desk/audit')
  await expect(officer.getByText('The log is read by the station leader and the auditor.')).toBeVisible()
  const auditor = await as(browser, 'auditor')
  await auditor.goto('/en/desk')
  await expect(auditor.getByRole('navigation', { name: 'Views' }).getByRole('link')).toHaveText(['Inbox', 'Overdue'])
  await expect(auditor.locator('[data-row]').first()).toBeVisible()
})

test('a tab says how many unverified reports wait beside the inbox', async ({ browser }) => {
  const reporter = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  await fillReport(reporter)
  await send(reporter)
  const page = await as(browser, 'chief')

  await page.goto('/en/desk')

  await expect(page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^Unverified \(\d+\)$/ })).toBeVisible()
})

test('a withdrawn report is not urgent any more, and nobody at the desk can reopen it', async ({ browser, baseURL }) => {
  const { reference, receipt } = await fileReport(String(baseURL), { description: 'Someone is threatening my neighbour with a knife right now.' })
  const page = await as(browser, 'chief')
  await page.goto(`/en/desk/reports/${reference}`)
  await expect(page.locator('.desk-mark.is-urgent').filter({ hasText: 'Urgent' })).toBeVisible()
  expect((await page.request.post(`/api/reports/${reference}/withdraw`, { headers: { 'x-receipt': receipt, 'sec-fetch-site': 'same-origin' }, data: {} })).status()).toBe(204)

  await page.reload()

  await expect(page.getByText('The reporter withdrew this report. It stays closed', { exact: false })).toBeVisible()
  await expect(page.locator('.desk-mark.is-urgent')).toHaveCount(0)
  await expect(page.getByLabel('New state')).toHaveCount(0)
  const reopened = await page.request.post(`/api/desk/reports/${reference}/status`, { headers: { 'sec-fetch-site': 'same-origin' }, data: { status: 'in_progress', publicText: 'We look at it again.' } })
  expect([reopened.status(), (await reopened.json() as { code: string }).code]).toEqual([409, 'status_order'])
})

test('signs that turn the direction of writing are shown, and stored as they were sent', async ({ browser, baseURL }) => {
  const description = 'He sent me \u202Egpj.exe\u202C and said nothing.'
  const { reference, receipt } = await fileReport(String(baseURL), { description, address: 'House \u20667' })
  const page = await as(browser, 'officer')
  const letter = await page.request.post(`/api/reports/${reference}/messages`, { headers: { 'x-receipt': receipt, 'sec-fetch-site': 'same-origin' }, data: { text: 'Look\u200Bhere' } })
  expect(letter.status()).toBe(201)

  await page.goto(`/en/desk/reports/${reference}`)

  for (const [part, shown, code] of [['What happened', 'He sent me U+202Egpj.exeU+202C and said nothing.', 'U+202E'], ['What happened', 'House U+20667', 'U+2066'], ['Letters', 'LookU+200Bhere', 'U+200B']] as const) {
    const region = page.getByRole('region', { name: part })
    await expect(region.locator('bdi').filter({ hasText: shown })).toBeVisible()
    await expect(region.getByTitle(`Hidden sign ${code}`, { exact: false })).toBeVisible()
  }
  expect((await (await page.request.get(`/api/desk/reports/${reference}`)).json()).content.description).toBe(description)
})

test('the log says a merge and a file in words', async ({ browser, baseURL }) => {
  const [one, other] = [await fileReport(String(baseURL)), await fileReport(String(baseURL))]
  const page = await as(browser, 'chief', 1440)
  expect((await page.request.post(`/api/desk/reports/${one.reference}/merge`, { headers: { 'sec-fetch-site': 'same-origin' }, data: { into: other.reference } })).status()).toBe(200)

  await page.goto('/en/desk/audit')
  const entry = page.getByRole('row').filter({ hasText: one.reference }).filter({ hasText: 'merged a duplicate' })

  await expect(entry).toContainText(`into ${other.reference}`)
  expect(await page.getByRole('table').innerText()).not.toMatch(/[\da-f]{8}-[\da-f]{4}|media_type|[a-z]_[a-z]/)
})

test('addresses that no page has are not found, in both halves and for whoever asks', async ({ request, page }) => {
  for (const path of ['/en', '/zh', '/en/desk', '/zh/desk/sign-in', '/en/desk/reports/LL-7K3Q-9XPA', '/en/reports/new', '/en/reports/track', '/en/communities/ping-an', '/en/desk/nothing'].map(path => `${path}/_payload.json`)) {
    for (const accept of ['text/html', '*/*', 'application/json']) expect((await request.get(path, { headers: { accept } })).status(), `${path} as ${accept}`).toBe(404)
  }

  await page.goto('/en/desk/_payload.json')
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible()
  await page.getByRole('link', { name: 'Back to the inbox' }).click()
  await expect(page).toHaveURL(/\/en\/desk/)
})
