import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { fileReport } from '../desk-caller.ts'

/** A page of somebody who is signed in already. */
async function as(browser: Browser, account: string | undefined, options: { colorScheme?: 'light' | 'dark', viewport?: { width: number, height: number } } = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  if (account) {
    const answer = await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })
    expect(answer.status()).toBe(204)
  }
  return context.newPage()
}

async function expectNothingForAxe(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

// Every page in its variants: every-page.script.spec.ts, as one role each. What other roles see of inbox and report has other parts.
for (const [account, colorScheme, width] of [['officer', 'light', 390], ['lead', 'dark', 1280], ['chief', 'light', 1280], ['auditor', 'dark', 390], ['admin', 'light', 390]] as const) {
  test(`inbox and report as the ${account}: nothing for axe, no error in the console`, async ({ browser, baseURL }) => {
    const { reference } = await fileReport(String(baseURL))
    const page = await as(browser, account, { colorScheme, viewport: { width, height: 844 } })
    const errors: string[] = []
    page.on('console', message => message.type() === 'error' && errors.push(message.text()))

    await page.goto(`/en/desk?q=${reference}`)
    if (account === 'officer' || account === 'lead' || account === 'chief') await expect(page.locator(`[data-row="${reference}"]`)).toBeVisible()
    else await page.waitForLoadState('networkidle')
    await expectNothingForAxe(page)
    // Who may not read it gets the same answer as for one that does not exist, which the browser notes.
    expect(errors).toEqual([])

    await page.goto(`/en/desk/reports/${reference}`)
    if (account === 'officer' || account === 'lead' || account === 'chief') await expect(page.getByText('dark for a week')).toBeVisible()
    else await page.waitForLoadState('networkidle')
    await expectNothingForAxe(page)
    expect(errors.filter(text => !text.includes('404') && !text.includes('403'))).toEqual([])
    await page.context().close()
  })
}

for (const [account, colorScheme, width] of [['officer', 'dark', 1280], ['lead', 'light', 390], ['chief', 'dark', 390], ['auditor', 'light', 1280], ['admin', 'dark', 1280]] as const) {
  test(`alerts as the ${account}: what the role sees of them, nothing for axe, no error in the console`, async ({ browser }) => {
    const page = await as(browser, account, { colorScheme, viewport: { width, height: 844 } })
    const errors: string[] = []
    page.on('console', message => message.type() === 'error' && errors.push(message.text()))
    const writes = account !== 'auditor' && account !== 'admin'
    // One of the officer's own community alone: what touches another one is not the officer's to cancel.
    const { alerts } = await (await page.request.get('/api/alerts?kind=solved')).json() as { alerts: { identifier: string, areas: { community: string | null }[] }[] }
    const own = alerts.find(({ areas }) => areas.every(({ community }) => community === 'ping-an'))

    await page.goto('/en/desk/alerts?view=published')
    if (account === 'admin') await expect(page.getByText('You cannot see reports, by design', { exact: false })).toBeVisible()
    else await expect(page.locator('.alert-list').getByRole('listitem').first()).toBeVisible()
    await expect(page.getByRole('link', { name: 'Write one' })).toHaveCount(writes ? 1 : 0)
    await expectNothingForAxe(page)

    await page.goto(`/en/desk/alerts/${own?.identifier}`)
    if (account === 'admin') await expect(page.getByText('You cannot see reports, by design', { exact: false })).toBeVisible()
    else await expect(page.getByRole('heading', { name: 'How it goes out' })).toBeVisible()
    await expect(page.getByRole('heading', { name: 'What people answered' })).toHaveCount(writes ? 1 : 0)
    await expect(page.getByRole('button', { name: 'Cancel', exact: true })).toHaveCount(writes ? 1 : 0)
    await expectNothingForAxe(page)

    await page.goto('/en/desk/alerts/templates')
    if (account !== 'admin') await expect(page.locator('article').first()).toBeVisible()
    await expect(page.getByRole('button', { name: 'New template' })).toHaveCount(account === 'lead' || account === 'chief' ? 1 : 0)
    await expectNothingForAxe(page)
    expect(errors).toEqual([])
    await page.context().close()
  })
}

test('the auditor reads in the log who opened a report', async ({ browser, baseURL }) => {
  const { reference } = await fileReport(String(baseURL))
  const officer = await as(browser, 'officer')
  await officer.goto(`/en/desk/reports/${reference}`)
  await expect(officer.getByText('dark for a week')).toBeVisible()

  const page = await as(browser, 'auditor')
  await page.goto('/en/desk')
  await page.getByRole('link', { name: 'Log' }).click()
  await expect(page.getByRole('heading', { name: 'Log' })).toBeVisible()
  await page.getByLabel('Reference', { exact: true }).fill(reference)
  await page.getByRole('button', { name: 'Show', exact: true }).click()

  const entry = page.getByRole('row').filter({ hasText: 'opened a report' })
  await expect(entry).toHaveCount(1)
  await expect(entry).toContainText('Chen Zhiyuan')
  await expect(entry).toContainText('for handling')
})

test('the administrator finds no report, and the reason why', async ({ browser, baseURL }) => {
  const { reference } = await fileReport(String(baseURL))
  const page = await as(browser, 'admin')

  await page.goto(`/en/desk/reports/${reference}`)

  await expect(page.getByText('You cannot see reports, by design', { exact: false })).toBeVisible()
  await expect(page.getByText('dark for a week')).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Bans' })).toHaveCount(0)
})

test('a resident gets no desk', async ({ browser }) => {
  const page = await as(browser, 'resident')

  await page.goto('/en/desk')

  await expect(page.getByRole('heading', { name: 'Not for this account' })).toBeVisible()
})

test('a guest is asked to sign in and comes back to where they were going', async ({ browser }) => {
  const page = await as(browser, undefined)

  await page.goto('/en/desk/audit')
  await expect(page).toHaveURL(/\/en\/desk\/sign-in\?next=/)
  await page.getByRole('button', { name: 'Auditor: reads the log' }).click()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()

  await expect(page).toHaveURL(/\/en\/desk\/audit$/)
  await expect(page.getByRole('table')).toBeVisible()
})

test('sign-in never leads to another site', async ({ browser }) => {
  const page = await as(browser, undefined)

  await page.goto('/en/desk/sign-in?next=//evil.example/en/desk')
  await page.getByRole('button', { name: 'Officer of Ping\'an' }).click()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()

  await expect(page).toHaveURL(/localhost:\d+\/en\/desk$/)
})

test('a wrong password is said in the page, and the focus goes back to the form', async ({ browser }) => {
  const page = await as(browser, undefined)
  await page.goto('/en/desk/sign-in')
  // Sent before the script is there, it would go to the sign-in that works without one.
  await expect(page.getByRole('button', { name: 'Show password' })).toBeEnabled()

  await page.getByLabel('Email').fill('officer@demo.linli')
  await page.getByLabel('Password', { exact: true }).fill('not this one')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()

  await expect(page.getByRole('alert')).toContainText('wrong')
  await expect(page.getByLabel('Email')).toBeFocused()
})

test('a saved filter comes back with one click', async ({ browser }) => {
  const page = await as(browser, 'officer', { viewport: { width: 1280, height: 800 } })
  await page.goto('/en/desk?status=triaged')
  await expect(page.locator('[data-row]').first()).toBeVisible()
  await page.getByLabel('Save these filters').fill('Accepted ones')
  await page.getByRole('button', { name: 'Keep' }).click()
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect(page).not.toHaveURL(/status=/)

  await page.getByRole('button', { name: 'Accepted ones', exact: true }).click()

  await expect(page).toHaveURL(/status=triaged/)
})
