import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Browser } from '@playwright/test'

async function as(browser: Browser, account: string, { javaScriptEnabled = true } = {}) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 }, javaScriptEnabled })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}

test('li reads every line of his points, asks without script for half an hour more, and has it when the lead approves at the desk', async ({ browser }) => {
  test.setTimeout(90_000)
  const page = await as(browser, 'volunteer', { javaScriptEnabled: false })
  await page.goto('/en/patrols/me')
  await page.getByRole('link', { name: 'Hours, points and honours' }).click()
  await expect(page).toHaveURL(/\/en\/patrols\/points$/)
  const lines = page.getByRole('region', { name: 'Points, line by line' }).getByRole('row')
  const before = await lines.count()
  const balance = Number(await lines.nth(1).getByRole('cell').last().textContent())
  expect(balance).toBeGreaterThanOrEqual(120)
  await expect(page.getByRole('region', { name: 'Honours' })).toContainText('10 hours on patrol · given on')

  await page.getByLabel('Which patrol').selectOption({ index: 1 })
  await page.getByLabel('Really began').fill('19:30')
  await page.getByLabel('Really ended').fill('22:00')
  await page.getByRole('button', { name: 'Ask for the correction' }).click()
  await expect(page.getByRole('alert')).toContainText('“What happened”')
  await expect(page.getByLabel('Really ended'), 'nothing that was typed is lost').toHaveValue('22:00')
  await page.getByLabel('What happened').fill('Walked a lost child home.')
  await page.getByRole('button', { name: 'Ask for the correction' }).click()
  await expect(page.getByRole('status')).toContainText('You asked for a correction')
  const patrol = page.getByRole('region', { name: 'Hours, patrol by patrol' }).getByRole('article').first()
  await expect(patrol).toContainText('Asked to be counted as 19:30 to 22:00; not decided yet')

  const desk = await as(browser, 'lead')
  await desk.goto('/en/desk/patrols?tab=points')
  const asked = desk.getByRole('article').filter({ hasText: 'Walked a lost child home.' })
  await expect(asked).toContainText('Counted: 19:30 to 21:30')
  await expect(desk.getByText('李建国'), 'numbers until somebody opens a name').toHaveCount(0)
  expect((await new AxeBuilder({ page: desk }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()).violations).toEqual([])
  await asked.getByRole('button', { name: /^Approve/ }).click()
  await desk.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(asked).toHaveCount(0)

  await page.reload()
  await expect(patrol).toContainText('19:30 to 22:00, counted 2 h 30 min')
  await expect(patrol).toContainText('Corrected to 19:30 to 22:00')
  await expect(lines).toHaveCount(before + 1)
  await expect(lines.nth(1).getByRole('cell').last()).toHaveText(String(balance + 5))
  await desk.context().close()
  await page.context().close()
})

test('the chief changes the budget of the month, which the log says', async ({ browser }) => {
  const page = await as(browser, 'chief')
  await page.goto('/en/desk/patrols?tab=points')
  await page.getByRole('button', { name: 'Change the budget' }).click()
  await page.getByRole('dialog').getByLabel('Points').fill('800')
  await page.getByRole('dialog').getByRole('button', { name: 'Change', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Points of this month' })).toContainText('given of 800')
  await page.goto('/en/desk/audit')
  await expect(page.getByText('budget of a month: 800').first()).toBeVisible()
  await page.context().close()
})
