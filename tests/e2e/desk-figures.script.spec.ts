import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'

async function as(browser: Browser, account: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}

const nothingForAxe = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

test('the lead sees what waits, the same rounded months as residents, and takes the list of cases home as CSV', async ({ browser }) => {
  const page = await as(browser, 'lead')
  await page.goto('/en/desk')
  await page.getByRole('link', { name: 'Figures' }).click()

  await expect(page.getByRole('heading', { name: 'What waits now' })).toBeVisible()
  await expect(page.getByRole('link', { name: /^and \d+ unverified$/ }), 'not counted as new: they stand beside the inbox').toHaveAttribute('href', /tab=unverified/)
  await expect(page.getByRole('table', { name: /^Visits in time, \w+ \d{4}$/ }).getByRole('row', { name: /Whole station/ })).toContainText(/\d+%/)
  await page.getByLabel('Month', { exact: true }).selectOption({ index: 1 })
  await expect(page.getByRole('table', { name: /^Visits in time, \w+ \d{4}$/ }).getByRole('row', { name: /Hexie/ }), 'hidden from staff too (RULES E3)').toContainText('too few to say')

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download CSV' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('linli-cases.csv')
  expect(await readFile(await file.path(), 'utf8')).toMatch(/^\uFEFFReference,Kind,/)
  await nothingForAxe(page)
})

test('an officer drafts a notice, is warned of a name, and the lead publishes it on the community\'s page', async ({ browser, baseURL }) => {
  const headline = `Solved, says the browser test ${crypto.randomUUID().slice(0, 4)}x`
  const officer = await as(browser, 'officer')
  const listed = await officer.request.get(`${baseURL}/api/desk/reports?status=resolved&limit=100`)
  const { reports } = await listed.json() as { reports: { reference: string, contactMode: string }[] }
  const reference = reports.filter(({ contactMode }) => contactMode === 'anonymous').at(-1)?.reference ?? ''
  await officer.goto(`/en/desk/reports/${reference}`)
  await officer.getByRole('link', { name: 'Write a solved-case notice' }).click()

  const english = officer.getByRole('group', { name: 'English' })
  await expect(english.getByLabel('Headline')).toHaveValue(/^Solved/)
  await english.getByLabel('Headline').fill(headline)
  await english.getByLabel('Text').fill('Mr Smith got his bicycle back.')
  await expect(officer.getByText('Name: “Mr Smith”').or(officer.locator('li', { hasText: 'Name:' }))).toBeVisible()
  await nothingForAxe(officer)
  await english.getByLabel('Text').fill('The owner got the bicycle back.')
  await officer.getByRole('button', { name: 'Save draft' }).click()
  const draft = officer.locator('article', { hasText: headline })
  await expect(draft).toContainText('Another team leader or station leader publishes this.')
  await expect(draft.getByRole('button', { name: 'Publish' })).toHaveCount(0)

  const lead = await as(browser, 'lead')
  await lead.goto('/en/desk/notices')
  await lead.locator('article', { hasText: headline }).getByRole('button', { name: 'Publish' }).click()
  await expect(lead.locator('article', { hasText: headline })).toContainText('published by')

  await lead.goto('/en/communities/ping-an')
  await expect(lead.getByRole('heading', { name: headline })).toBeVisible()
  await lead.goto('/en/desk/notices')
  await lead.locator('article', { hasText: headline }).getByRole('button', { name: 'Withdraw' }).click()
  await expect(lead.locator('article', { hasText: headline })).toContainText('Withdrawn')
  await lead.goto('/en/communities/ping-an')
  await expect(lead.getByRole('heading', { name: headline })).toHaveCount(0)
})

test('the administrator has no figures and no notices', async ({ browser }) => {
  const page = await as(browser, 'admin')
  for (const path of ['figures', 'notices']) {
    await page.goto(`/en/desk/${path}`)
    await expect(page.getByText('You cannot see reports, by design', { exact: false })).toBeVisible()
  }
})
