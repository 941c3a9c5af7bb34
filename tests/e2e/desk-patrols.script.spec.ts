import { expect, test, type Browser } from '@playwright/test'

async function as(browser: Browser, account: string) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 } })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}

test('on a phone the lead publishes a shift, calls it off with a reason, and opens one volunteer with a line in the log', async ({ browser }) => {
  const page = await as(browser, 'lead')
  await page.goto('/en/desk/patrols')
  await page.getByLabel('Community').selectOption({ label: 'Hexie' })
  await page.getByLabel('Kind of patrol').selectOption({ index: 1 })
  await page.getByLabel('Day', { exact: true }).fill(new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10))
  await page.getByLabel('Start').fill('18:10')
  await page.getByRole('button', { name: 'Publish' }).click()
  const shift = page.getByRole('article').filter({ hasText: '18:10' }).filter({ hasText: 'Hexie' })
  await expect(shift).toContainText('2 missing')

  await shift.getByRole('button', { name: /^Change/ }).click()
  await page.getByRole('dialog').getByLabel('Start').fill('18:20')
  await page.getByRole('dialog').getByLabel('At most').fill('6')
  await page.getByRole('dialog').getByLabel('Who leads').selectOption({ label: 'Shen Lan' })
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('article').filter({ hasText: '18:10' })).toHaveCount(0)
  const moved = page.getByRole('article').filter({ hasText: '18:20–20:20' }).filter({ hasText: 'Hexie' })
  await expect(moved).toContainText('0 of 6')
  await expect(moved).toContainText('led by Shen Lan')

  await moved.getByRole('button', { name: /^Call off/ }).click()
  await page.getByLabel('Reason').fill('The street is closed that evening.')
  await page.getByRole('dialog').getByRole('button', { name: 'Call off', exact: true }).click()
  await expect(moved).toContainText('Called off: The street is closed that evening.')

  await page.getByRole('link', { name: 'Volunteers' }).click()
  const applicant = page.getByRole('article').filter({ hasText: 'Building contact' })
  await expect(page.getByText('孙悦')).toHaveCount(0)
  await applicant.getByRole('button', { name: 'Open name and phone' }).click()
  await expect(page.getByText('孙悦').first()).toBeVisible()
  await expect(page.getByRole('link', { name: '0000-555-0184' })).toBeVisible()
  await page.context().close()
})

test('the lead makes a weekly rule and ends it; what nobody signed up for is called off with it', async ({ browser }) => {
  const page = await as(browser, 'lead')
  const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10)
  await page.goto('/en/desk/patrols?tab=series')
  await page.getByLabel('Community').selectOption({ label: 'Changle' })
  await page.getByLabel('Kind of patrol').selectOption({ index: 1 })
  await page.getByLabel('Day', { exact: true }).fill(day(3))
  await page.getByLabel('Until').fill(day(23))
  await page.getByLabel('Start').fill('06:20')
  await expect(page.getByRole('button', { name: 'Publish' })).toBeDisabled()
  for (const weekday of ['Mon', 'Wed']) await page.getByLabel(weekday).check()
  await page.getByRole('button', { name: 'Publish' }).click()
  const series = page.getByRole('article').filter({ hasText: '06:20' })
  await expect(series).toContainText('Changle')
  await page.getByRole('link', { name: 'Shifts' }).click()
  await expect(page.getByRole('article').filter({ hasText: '06:20' })).toHaveCount(6)

  await page.getByRole('link', { name: 'Every week' }).click()
  await series.getByRole('button', { name: 'Stop' }).click()
  await page.getByLabel('Reason').fill('Nobody can at that hour.')
  await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(page.getByText('Stopped. 6 shifts that nobody had signed up for were called off.', { exact: true })).toBeVisible()
  await expect(series).toHaveCount(0)
  await page.context().close()
})

for (const [account, canPlan, canSee] of [['officer', false, true], ['auditor', false, true], ['admin', false, false]] as const) {
  test(`patrols as the ${account}: ${canSee ? 'seen and not planned' : 'not seen'}`, async ({ browser }) => {
    const page = await as(browser, account)
    await page.goto('/en/desk/patrols')
    if (canSee) await expect(page.getByRole('article').first()).toBeVisible()
    else await expect(page.getByText('You cannot see reports, by design', { exact: false })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Publish' })).toHaveCount(canPlan ? 1 : 0)
    await page.context().close()
  })
}
