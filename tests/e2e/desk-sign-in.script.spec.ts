import { expect, test, type Page } from '@playwright/test'
import { codeFor } from '../mailbox.ts'

test.use({ locale: 'en-GB' })

/** Holds the page's scripts back, as a slow line does. @returns lets them come */
async function holdScripts(page: Page) {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/_nuxt/**/*.js', async (route) => {
    await released
    await route.continue()
  })
  return release
}

test('what is typed before the script comes is kept, and signs in to where one was going', async ({ page }) => {
  const release = await holdScripts(page)
  await page.goto('/en/desk/audit?late', { waitUntil: 'commit' })
  await expect(page).toHaveURL(/\/en\/desk\/sign-in\?next=/)
  await page.getByLabel('Email').fill('chief@demo.linli')
  await page.getByLabel('Password', { exact: true }).fill('linli-demo')

  release()
  await expect(page.getByRole('button', { name: 'Show password' })).toBeEnabled()

  await expect(page.getByLabel('Email')).toHaveValue('chief@demo.linli')
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('linli-demo')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(/\/en\/desk\/audit\?late/)
  await expect(page.getByRole('table')).toBeVisible()
})

test('a sign-in that does not wait for the script arrives too', async ({ page }) => {
  await holdScripts(page)
  await page.goto('/en/desk/sign-in?next=/en/desk/audit', { waitUntil: 'commit' })

  await page.getByLabel('Email').fill('chief@demo.linli')
  await page.getByLabel('Password', { exact: true }).fill('linli-demo')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click({ noWaitAfter: true })

  await expect(page).toHaveURL(/\/en\/desk\/audit$/)
})

for (const [path, field] of [['/en/desk', 'Reference or words of the summary'], ['/en/desk/audit', 'Reference']] as const) {
  test(`${path}: a filter cannot be touched before the script comes, and then it works`, async ({ page }) => {
    await page.request.post('/api/session', { data: { email: 'chief@demo.linli', password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })
    const release = await holdScripts(page)
    await page.goto(path, { waitUntil: 'commit' })
    await expect(page.getByLabel(field, { exact: true })).toBeDisabled()

    release()
    await page.getByLabel(field, { exact: true }).fill('LL-2222-2222')
    await page.getByLabel(field, { exact: true }).press('Enter')

    await expect(page.getByText(/Nothing matches|No entries match/)).toBeVisible()
  })
}

test('the demo roles are offered again after signing out', async ({ page }) => {
  await page.goto('/en/desk/sign-in')
  await page.getByRole('button', { name: 'Officer of Ping\'an' }).click()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(/\/en\/desk$/)
  await page.reload()

  await page.getByRole('button', { name: 'Sign out' }).click()

  await expect(page).toHaveURL(/sign-in/)
  await expect(page.getByRole('button', { name: 'Officer of Ping\'an' })).toBeVisible()
})

test('too many wrong passwords close one way only: the page leads to the code', async ({ page, baseURL }) => {
  // As the portal answers after twenty wrong ones (tests/api/abuse.test.ts); really guessing would hold up the other tests.
  await page.route('**/api/session*', route => route.fulfill({ status: 429, contentType: 'application/problem+json', body: JSON.stringify({ code: 'rate_limited', title: 'Too many tries', detail: 'Try again in 60 minutes.' }) }))
  // Before its script has come the form is sent by the browser itself, past what is answered above.
  await page.goto('/en/desk/sign-in?next=/en/desk/audit', { waitUntil: 'networkidle' })
  await page.getByLabel('Email').fill('auditor@demo.linli')
  await page.getByLabel('Password', { exact: true }).fill('linli-demo')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('The code by email works right now')

  await page.getByRole('link', { name: 'Sign in with a code by email instead' }).click()
  await page.getByLabel('Email').fill('auditor@demo.linli')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Code').fill(await codeFor(String(baseURL), 'auditor@demo.linli'))
  await page.getByRole('button', { name: 'Continue' }).click()

  await expect(page).toHaveURL(/\/en\/desk\/audit$/)
  await expect(page.getByRole('table')).toBeVisible()
})
