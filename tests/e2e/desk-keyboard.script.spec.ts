import { expect, test, type Browser, type Page } from '@playwright/test'
import { fileReport } from '../desk-caller.ts'

/** A report as it stands open before an officer who uses the keyboard only. */
async function atReport(browser: Browser, baseURL: string | undefined, account = 'lead') {
  const { reference } = await fileReport(String(baseURL))
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 } })
  await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })
  const page = await context.newPage()
  await page.goto(`/en/desk/reports/${reference}`)
  await expect(page.getByText('dark for a week')).toBeVisible()
  // Known to the desk: shortcuts work.
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
  return { page, reference }
}

const part = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })
/** Presses a button by keyboard. */
async function press(page: Page, name: string | RegExp) {
  const button = page.getByRole('button', { name, exact: typeof name === 'string' })
  await expect(button).toBeEnabled()
  await button.focus()
  await page.keyboard.press('Enter')
}

test('the focus stays at the part that was changed: take, accept, undo, note, letter, summary', async ({ browser, baseURL }) => {
  const { page } = await atReport(browser, baseURL)

  await press(page, 'Take it myself')
  await expect(part(page, 'Handle')).toBeFocused()
  await press(page, 'Undo')
  await expect(page.getByText('Given back', { exact: true })).toBeVisible()
  await expect(part(page, 'Handle')).toBeFocused()
  await press(page, 'Accept')
  await expect(part(page, 'Handle')).toBeFocused()
  const visits = page.getByRole('region', { name: 'Revisits' })
  await expect(visits, 'the visit that is owed is shown without loading the page anew').toContainText('Officer\'s visit')
  await expect(visits).toContainText('due ')
  await expect(visits.getByRole('button', { name: 'Write down' })).toBeVisible()
  await page.getByLabel('Letter to the reporter').focus()
  await page.keyboard.type('Which lamp is it?')
  await press(page, 'Send letter')
  await expect(part(page, 'Letters')).toBeFocused()
  await page.getByLabel('New note').focus()
  await page.keyboard.type('Lamp 14.')
  await press(page, 'Add note')
  await expect(part(page, 'Internal notes')).toBeFocused()
  await press(page, 'Write summary')
  await expect(page.getByLabel('Summary in the desk\'s words')).toBeFocused()
  await page.keyboard.type('A street lamp is out.')
  await press(page, 'Save summary')
  await expect(part(page, 'Summary')).toBeFocused()
})

test('what is refused gives the focus back to the button', async ({ browser, baseURL }) => {
  const { page } = await atReport(browser, baseURL)
  await page.route('**/assign*', route => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"unavailable","title":"Not now"}' }))

  await press(page, 'Take it myself')

  await expect(page.getByText('Not now', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Take it myself' })).toBeFocused()
})

test('whoever has gone on meanwhile is left there', async ({ browser, baseURL }) => {
  const { page } = await atReport(browser, baseURL)
  await page.route('**/assign*', async (route) => {
    await page.getByLabel('New note').focus()
    await route.continue()
  })

  await press(page, 'Take it myself')

  await expect(page.getByText('Now with', { exact: false }).first()).toBeVisible()
  await expect(page.getByLabel('New note')).toBeFocused()
})

test('dialogs begin at their field and end where one was; a merge ends at its part, and tells only the last act', async ({ browser, baseURL }) => {
  const other = await fileReport(String(baseURL))
  const { page } = await atReport(browser, baseURL)
  const field = page.getByLabel('Reference of the other report')

  await press(page, 'Merge as a duplicate')
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Merge as a duplicate' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(field).toBeFocused()
  await page.keyboard.type(other.reference)
  await page.keyboard.press('Enter')
  await press(page, `Merge this into ${other.reference}`)
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(part(page, 'Handle')).toBeFocused()
  await press(page, 'Undo the merge')
  await expect(page.getByText('No longer merged', { exact: true })).toBeVisible()
  await expect(part(page, 'Handle')).toBeFocused()
  await expect(page.getByText(`Merged into ${other.reference}`, { exact: true })).toBeHidden()
})

test('the palette begins at its field, and a page that was jumped to takes the focus', async ({ browser, baseURL }) => {
  const { page, reference } = await atReport(browser, baseURL)

  await page.keyboard.press('Control+k')
  await expect(page.getByPlaceholder('Reference, page or filter')).toBeFocused()
  await page.keyboard.type('Bans')
  await expect(page.getByRole('option', { name: 'Bans' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/bans$/)
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true)

  await page.goto(`/en/desk?q=${reference}`)
  await page.setViewportSize({ width: 900, height: 900 })
  await page.getByRole('link', { name: reference }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('dark for a week')).toBeVisible()
  await expect(page.locator('#main')).toBeFocused()
})
