import { expect, test, type Page } from '@playwright/test'
import { fileReport } from '../desk-caller.ts'

test.use({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })

/** Signs in by the form, as people do. */
async function signIn(page: Page, account: string, path = '/en/desk') {
  await page.goto(path)
  await expect(page).toHaveURL(/\/en\/desk\/sign-in/)
  await page.getByLabel('Email').fill(`${account}@demo.linli`)
  await page.getByLabel('Password', { exact: true }).fill('linli-demo')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).not.toHaveURL(/sign-in/)
}

const row = (page: Page, reference: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name: reference }) })

test('an officer triages, answers and moves a report on with the keyboard', async ({ page, baseURL }) => {
  const errors: string[] = []
  page.on('console', message => message.type() === 'error' && errors.push(message.text()))
  const { reference, receipt } = await fileReport(String(baseURL))
  // Other tests file reports too: the list is narrowed to this one.
  await signIn(page, 'officer', `/en/desk?q=${reference}`)
  await expect(row(page, reference).getByText('New', { exact: true }).filter({ visible: true })).toBeVisible()

  await page.keyboard.press('j')
  await expect(page.getByRole('link', { name: reference })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('dark for a week')).toBeVisible()
  await page.keyboard.press('a')
  await expect(page.getByText('Now with Chen Zhiyuan', { exact: true })).toBeVisible()
  await page.keyboard.press('s')
  await expect(page.getByLabel('New state')).toBeFocused()
  await expect(page.getByLabel('What the reporter reads')).toHaveValue(/ours to handle/)
  await page.getByRole('button', { name: 'Accept', exact: true }).click()
  await expect(page.getByText('State changed: Accepted', { exact: true })).toBeVisible()
  await page.getByRole('heading', { name: 'Letters' }).click()
  await page.keyboard.press('r')
  await expect(page.getByLabel('Letter to the reporter')).toBeFocused()
  await page.keyboard.type('Which lamp is it?')
  await page.getByRole('button', { name: 'Send letter' }).click()
  await expect(page.getByText('Letter sent', { exact: true })).toBeVisible()

  const tracked = await page.request.get(`/api/reports/${reference}`, { headers: { 'x-receipt': receipt } })
  expect(await tracked.text()).toMatch(/ours to handle[\s\S]*Which lamp is it\?/)
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Inbox' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'What happened' })).toBeHidden()
  expect(errors).toEqual([])
})

test('a sentence with blanks in it is not sent', async ({ page, baseURL }) => {
  const { reference } = await fileReport(String(baseURL))
  await signIn(page, 'officer', `/en/desk/reports/${reference}`)
  await expect(page).toHaveURL(new RegExp(reference))

  await page.getByLabel('New state').selectOption('closed')
  await page.getByLabel('Reason').selectOption('referred')
  await page.getByLabel('Prepared sentence', { exact: true }).selectOption({ label: 'Passed on' })
  await page.getByRole('button', { name: 'Change the state' }).click()

  await expect(page.getByRole('alert').filter({ hasText: '[office]' })).toBeVisible()
  await expect(page.getByText('New', { exact: true }).first()).toBeVisible()
})

test('a duplicate is merged after both are shown, and the merge is undone', async ({ page, baseURL }) => {
  const [one, other] = [await fileReport(String(baseURL)), await fileReport(String(baseURL))]
  await signIn(page, 'lead', `/en/desk/reports/${one.reference}`)

  await page.getByRole('button', { name: 'Merge as a duplicate' }).click()
  await page.getByLabel('Reference of the other report').fill(other.reference.toLowerCase())
  await page.getByRole('button', { name: 'Compare' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText(one.reference, { exact: true })).toBeVisible()
  await expect(dialog.getByText(other.reference, { exact: true })).toBeVisible()
  await page.getByRole('button', { name: `Merge this into ${other.reference}` }).click()
  await expect(page.getByText('Closed: duplicate').first()).toBeVisible()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()

  await expect(page.getByText('No longer merged', { exact: true })).toBeVisible()
  await expect(page.getByText('Accepted', { exact: true }).first()).toBeVisible()
})

test('two officers at one report: the second sees what the first did', async ({ page, browser, baseURL }) => {
  const { reference } = await fileReport(String(baseURL))
  await signIn(page, 'officer', `/en/desk/reports/${reference}`)
  await expect(page.getByRole('button', { name: 'Accept', exact: true })).toBeVisible()
  const colleague = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await signIn(colleague, 'lead', `/en/desk/reports/${reference}`)
  await colleague.getByRole('button', { name: 'Accept', exact: true }).click()
  await expect(colleague.getByText('State changed: Accepted', { exact: true })).toBeVisible()

  await page.getByRole('button', { name: 'Accept', exact: true }).click()

  await expect(page.getByText('A colleague was faster', { exact: true })).toBeVisible()
  await expect(page.getByLabel('New state')).toHaveValue('in_progress')
  await colleague.context().close()
})

test('the palette opens a report by its reference, and the focus goes along', async ({ page, baseURL }) => {
  const { reference } = await fileReport(String(baseURL))
  await signIn(page, 'officer')
  await expect(page.getByRole('link', { name: reference })).toBeVisible()

  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Reference, page or filter').fill(reference.toLowerCase().replaceAll('-', ' '))
  await expect(page.getByRole('option', { name: `Open ${reference}` })).toBeVisible()
  await page.keyboard.press('Enter')

  await expect(page).toHaveURL(new RegExp(`/en/desk/reports/${reference}`))
  await expect(page.getByText('dark for a week')).toBeVisible()
  await expect(page.locator('main')).toBeFocused()
})

test('single-key shortcuts can be switched off', async ({ page }) => {
  await signIn(page, 'officer')
  await expect(page.locator('[data-row]').first()).toBeVisible()
  await page.keyboard.press('?')
  await page.getByLabel('Single-key shortcuts are on').uncheck()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()

  await page.keyboard.press('j')
  await expect(page.locator('[data-row]:focus')).toHaveCount(0)
})
