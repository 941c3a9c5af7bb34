import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { budgets, weighPage } from '../bench/weigh-pages.ts'
import { codeFor } from '../mailbox.ts'
import { filesIn } from '../zip-files.ts'
import { solvedChallenge } from '../solve-challenge.ts'

const portalUrl = process.env.LINLI_E2E_URL ?? ''
const anAddress = () => `amina-${randomUUID().slice(0, 8)}@example.test`

async function signIn(page: Page, email: string, password = 'linli-demo') {
  await page.goto('/en/sign-in')
  await page.getByLabel('Email address').fill(email)
  await page.getByText('I have a password').click()
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Continue' }).click()
}

test('somebody new makes an account by a mailed code, chooses a password and signs in with it', async ({ page }) => {
  const email = anAddress()
  await page.goto('/en')
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Make an account' }).click()
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Your community').selectOption('chang-le')
  await expect(page.getByRole('checkbox', { checked: true }), 'nothing is ticked beforehand').toHaveCount(0)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('alert')).toContainText('Without this there can be no account')
  await page.getByLabel('I agree to having an account').check()
  await page.getByRole('button', { name: 'Continue' }).click()

  await expect(page).toHaveURL(/\/en\/sign-in\/code$/)
  await expect(page.getByText(email)).toBeVisible()
  await page.getByLabel('Code').fill(await codeFor(portalUrl, email))
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('New password').fill('too short')
  await page.getByRole('button', { name: 'Save the password' }).click()
  await expect(page.getByRole('alert')).toContainText('Enter at least 12 characters')
  await expect(page.getByLabel('New password')).toHaveValue('')
  await page.getByLabel('New password').fill('four words for one door')
  await page.getByRole('button', { name: 'Save the password' }).click()

  await expect(page.getByRole('status')).toHaveText('Your password is saved. Other devices are signed out.')
  await expect(page.getByLabel('Your community')).toHaveValue('chang-le')
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible()
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible()
  await signIn(page, email, 'four words for one door')
  await expect(page).toHaveURL(/\/en\/account$/)
})

test('a wrong code is said under its field, keeps the address and can be sent anew', async ({ page }) => {
  const email = anAddress()
  await page.goto('/en/sign-in?next=/en/account/reports')
  await page.getByLabel('Email address').fill(email)
  await page.getByRole('button', { name: 'Continue' }).click()
  const code = await codeFor(portalUrl, email)
  await page.getByLabel('Code').fill(code === '000000' ? '000001' : '000000')
  await page.getByRole('button', { name: 'Continue' }).click()

  await expect(page).toHaveTitle(/^Error: /)
  await page.getByRole('alert').getByRole('link', { name: /The code is wrong/ }).click()
  await expect(page.getByLabel('Code')).toBeFocused()
  await page.getByLabel('Code').fill(code)
  await page.getByRole('button', { name: 'Continue' }).click()

  await expect(page).toHaveURL(/\/en\/account\/reports$/)
  await expect(page.getByText('Nothing is listed here yet.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Report something' })).toHaveAttribute('href', '/en/reports/new')
})

test('a resident sees named and sealed reports in words, and no desk', async ({ page }) => {
  await signIn(page, 'resident@demo.linli')
  await expect(page).toHaveURL(/\/en\/account$/)
  await expect(page.getByRole('main').getByRole('link', { name: 'Police desk' })).toHaveCount(0)

  await page.getByRole('main').getByRole('link', { name: 'My reports' }).click()

  const reports = page.getByRole('main').getByRole('listitem')
  expect(await reports.count()).toBeGreaterThan(0)
  await expect(reports.first()).toContainText(/LL-[0-9A-Z]{4}-[0-9A-Z]{4}/)
  await expect(page.getByText('sent anonymously are never listed here')).toBeVisible()
  // At some hours of the day the demo's own report also asks whether its owner is satisfied.
  await reports.first().locator('a:not([href$="/answer"])').click()
  await expect(page).toHaveURL(/\/en\/reports\/LL-/)
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(/Not found/)
})

test('community and language are kept, and the account opens in the language chosen', async ({ page }) => {
  const email = anAddress()
  await page.goto('/en/sign-in')
  await page.getByLabel('Email address').fill(email)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Code').fill(await codeFor(portalUrl, email))
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Your community').selectOption('he-xie')
  await page.getByLabel('中文').check()
  await page.getByRole('button', { name: 'Save' }).click()

  await expect(page).toHaveURL(/\/zh\/account\?saved=profile$/)
  await expect(page.getByLabel('所在社区')).toHaveValue('he-xie')
  await expect(page.getByLabel('中文')).toBeChecked()
})

test('staff who sign in here land at the desk', async ({ page }) => {
  await signIn(page, 'officer@demo.linli')

  await expect(page).toHaveURL(/\/en\/desk/)
})

test('signing in leaves a report in progress where it is', async ({ page, context }) => {
  const email = anAddress()
  const draft = { name: 'linli-draft', value: 'a-draft-in-progress', url: portalUrl }
  await context.addCookies([draft])
  await page.goto('/en/sign-in?next=/en/reports/new')
  await page.getByLabel('Email address').fill(email)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Code').fill(await codeFor(portalUrl, email))
  await page.getByRole('button', { name: 'Continue' }).click()

  await expect(page).toHaveURL(/\/en\/reports\/new/)
  expect((await context.cookies()).find(({ name }) => name === draft.name)?.value).toBe(draft.value)
})

test('the privacy page names each cookie, each time and the limits of what is promised', async ({ page }) => {
  await page.goto('/en/privacy')

  await expect(page.getByRole('rowheader', { name: 'linli-session' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'How long a report is kept' }).getByRole('row')).toHaveCount(16)
  await expect(page.getByText('the master key together')).toBeVisible()
})

/** Signs somebody new in by a mailed code and opens a page of their account. */
async function newAccountAt(page: Page, path: string) {
  const email = anAddress()
  await page.goto(`/en/sign-in?next=/en/account${path}`)
  await page.getByLabel('Email address').fill(email)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Code').fill(await codeFor(portalUrl, email))
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page).toHaveURL(new RegExp(`/en/account${path}$`))
  return email
}

test('an account is erased only after a tick, and the page says afterwards what was kept', async ({ page }) => {
  const email = await newAccountAt(page, '/erase')
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Erase my account' }).click()
  await expect(page.getByRole('alert')).toContainText('Tick this if you are sure')
  await page.getByLabel('I have read this').check()
  await page.getByRole('button', { name: 'Erase my account' }).click()

  await expect(page.getByRole('heading', { name: 'Your account is erased' })).toBeVisible()
  await page.goto('/en/account')
  await expect(page).toHaveURL(/\/en\/sign-in/)
  await page.getByLabel('Email address').fill(email)
})

test('a resident is verified by the slip that the station leader printed, by its link, and the slip works once', async ({ page, playwright }) => {
  const desk = await playwright.request.newContext({ baseURL: portalUrl, extraHTTPHeaders: { origin: portalUrl } })
  expect((await desk.post('/api/session', { data: { email: 'chief@demo.linli', password: 'linli-demo' } })).status()).toBe(204)
  const made = await desk.post('/api/desk/accounts/batches', { data: { community: 'ping-an', count: 2, days: 30 } })
  const { codes: [slip] } = await made.json() as { codes: { code: string }[] }
  await newAccountAt(page, '/verify')
  await page.goto(`/en/account/verify?code=${slip?.code}`)
  await expect(page.getByLabel('Code')).toHaveValue(slip?.code ?? 'none')
  await page.getByRole('button', { name: 'Verify me' }).click()

  await expect(page.getByRole('status')).toHaveText('You are verified. Thank you.')
  await page.context().clearCookies()
  await newAccountAt(page, '/verify')
  await page.getByLabel('Code').fill(slip?.code ?? '')
  await page.getByRole('button', { name: 'Verify me' }).click()
  await expect(page.getByRole('alert')).toContainText('was used before')
  await desk.dispose()
})

test('an officer confirms the resident who shows a number', async ({ page, playwright }) => {
  await newAccountAt(page, '')
  await page.getByLabel('Your community').selectOption('ping-an')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.goto('/en/account/verify')
  await page.getByRole('button', { name: 'Show a number' }).click()
  const shown = await page.locator('.notice .mono').textContent() ?? ''
  const desk = await playwright.request.newContext({ baseURL: portalUrl, extraHTTPHeaders: { origin: portalUrl } })
  await desk.post('/api/session', { data: { email: 'officer@demo.linli', password: 'linli-demo' } })

  const confirmed = await desk.post('/api/desk/accounts/confirm', { data: { code: shown } })

  expect(confirmed.status()).toBe(200)
  await page.reload()
  await expect(page.getByText(/confirmed by an officer on/)).toBeVisible()
  await desk.dispose()
})

/** A report by name of whoever the page is signed in as; it stays open. */
async function fileNamed(page: Page): Promise<{ reference: string, receipt: string }> {
  const answer = await page.request.post('/api/reports', {
    headers: { 'sec-fetch-site': 'same-origin', 'origin': portalUrl },
    data: { category: 'other', community: 'ping-an', description: 'The lamp at the corner is dark.', contact: { mode: 'named', name: 'Amina' }, locale: 'en', altcha: await solvedChallenge(portalUrl), idempotencyKey: randomUUID() },
  })
  expect(answer.status()).toBe(201)
  return await answer.json() as { reference: string, receipt: string }
}

test('a copy of one\'s data downloads as a zip that opens, with the account, the report and its file', async ({ page }) => {
  const email = await newAccountAt(page, '/data')
  const { reference, receipt } = await fileNamed(page)
  const sent = await page.request.post(`/api/reports/${reference}/attachments`, {
    headers: { 'x-receipt': receipt, 'sec-fetch-site': 'same-origin', 'origin': portalUrl },
    multipart: { file: { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n') } },
  })
  expect(sent.status()).toBe(201)

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('main').getByText('Download', { exact: true }).click()])
  const files = filesIn(await readFile(await download.path()))

  expect(download.suggestedFilename()).toMatch(/\.zip$/)
  expect(JSON.parse(String(files.get('account.json')))).toMatchObject({ account: { email }, reports: [reference] })
  expect(String(files.get(`reports/${reference}/report.json`))).toContain('The lamp at the corner is dark.')
  expect([...files.keys()].filter(name => name.startsWith(`reports/${reference}/files/`))).toHaveLength(1)
})

test('before an account is erased its page names the open case, whose contact stays until it closes', async ({ page }) => {
  await newAccountAt(page, '/erase')
  const { reference } = await fileNamed(page)
  await page.reload()

  await expect(page.getByRole('listitem').filter({ hasText: reference })).toContainText('Your contact stays until the case closes')
  await page.getByLabel('I have read this').check()
  await page.getByRole('button', { name: 'Erase my account' }).click()
  await expect(page.getByRole('heading', { name: 'Your account is erased' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('1')
})

test('another device is signed out from the list of sessions', async ({ page, browser }) => {
  const email = await newAccountAt(page, '/password')
  await page.getByLabel('New password').fill('four words for one door')
  await page.getByRole('button', { name: 'Save the password' }).click()
  await expect(page).toHaveURL(/saved=password/)
  const elsewhere = await (await browser.newContext({ baseURL: portalUrl, userAgent: 'Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36' })).newPage()
  await signIn(elsewhere, email, 'four words for one door')
  await expect(elsewhere).toHaveURL(/\/en\/account$/)

  await page.goto('/en/account/sessions')
  await expect(page.getByText('This device.')).toHaveCount(1)
  await page.getByRole('button', { name: /^Sign it out.*Chrome, Android/ }).click()
  await expect(page.getByRole('status')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Sign it out/ })).toHaveCount(0)
  await elsewhere.goto('/en/account')

  await expect(elsewhere).toHaveURL(/\/en\/sign-in/)
  await elsewhere.context().close()
})

test('the pages of an account stay within their weight', async ({ page, context, javaScriptEnabled }) => {
  await newAccountAt(page, '')
  for (const path of ['/verify', '/consents', '/data', '/erase', '/sessions']) {
    const { bytes, scriptBytes } = await weighPage(context, `${portalUrl}/en/account${path}`)
    expect({ path, isLight: bytes <= budgets.anyPage && scriptBytes <= budgets.scripts }, `${bytes} bytes, ${scriptBytes} of script, ${javaScriptEnabled ? 'with' : 'without'} script`).toEqual({ path, isLight: true })
  }
})
