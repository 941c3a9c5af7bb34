import AxeBuilder from '@axe-core/playwright'
import { readFile } from 'node:fs/promises'
import { expect, test, type Browser, type Page } from '@playwright/test'

async function as(browser: Browser, account: string) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 }, acceptDownloads: true })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}
async function isAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

test('the lead sees why a shift is proposed, makes it one, and sees it covered', async ({ browser }) => {
  const page = await as(browser, 'lead')
  await page.goto('/en/desk/patrols?tab=planner')
  // Weeks ahead of what the other tests plan.
  await page.getByLabel('Week', { exact: true }).selectOption({ index: 3 })
  const proposal = page.getByRole('article', { name: /Hexie South.*Tuesday.*20:00–22:00/ })
  await expect(proposal).toContainText('3 reports of public categories came from here')
  await expect(proposal).toContainText('in 3 of 4 weeks')
  await expect(proposal).toContainText('That is hardly chance.')
  await expect(page.getByRole('table').getByRole('row', { name: /^20:00–22:00/ })).toBeVisible()
  await isAccessible(page)

  await proposal.getByRole('button', { name: /^Make it a shift/ }).click()
  await expect(page.getByLabel('Community')).toBeFocused()
  await expect(page.getByLabel('Start')).toHaveValue('20:00')
  await page.getByLabel('Kind of patrol').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Publish' }).click()
  await expect(proposal).toContainText('a shift is there')
  await expect(proposal.getByRole('button')).toHaveCount(0)
  await page.context().close()
})

test('the lead makes a route, moves its checkpoints and retires it', async ({ browser }) => {
  const page = await as(browser, 'lead')
  await page.goto('/en/desk/patrols?tab=routes')
  const form = page.getByRole('region', { name: 'New route' })
  await form.getByLabel('Community').selectOption({ label: 'Changle' })
  await form.getByLabel('Chinese name').fill('菜场线')
  await form.getByLabel('English name').fill('Round the market')
  for (const [index, name] of ['Gate', 'Scales'].entries()) {
    await form.getByRole('button', { name: 'Add a checkpoint' }).click()
    const point = form.getByRole('group', { name: `Checkpoint ${index + 1}` })
    await point.getByLabel('Chinese name').fill(name)
    await point.getByLabel('English name').fill(name)
  }
  await form.getByRole('button', { name: 'Save the route' }).click()
  const route = page.getByRole('article', { name: 'Round the market' })
  await expect(route.getByRole('listitem').first()).toContainText('Gate')
  await isAccessible(page)

  await route.getByRole('button', { name: /^Change/ }).click()
  await expect(route.getByRole('group', { name: 'Checkpoint 1' }).getByLabel('Grid'), 'a poster hangs where it hangs').toBeDisabled()
  await route.getByRole('button', { name: 'Move down: Checkpoint 1' }).click()
  await route.getByRole('button', { name: 'Save the route' }).click()
  await expect(route.getByRole('listitem').first()).toContainText('Scales')

  await route.getByRole('button', { name: /^Retire/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Retire', exact: true }).click()
  await expect(route).toHaveCount(0)
  await page.context().close()
})

test('the lead leaves a day out of a weekly patrol, puts it back, and confirms what a volunteer can do', async ({ browser }) => {
  const page = await as(browser, 'lead')
  const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10)
  await page.goto('/en/desk/patrols?tab=series')
  await page.getByLabel('Community').selectOption({ label: 'Hexie' })
  await page.getByLabel('Kind of patrol').selectOption({ index: 1 })
  await page.getByLabel('Day', { exact: true }).fill(day(3))
  await page.getByLabel('Until').fill(day(16))
  await page.getByLabel('Start').fill('05:40')
  await page.getByLabel('Mon', { exact: true }).check()
  await page.getByRole('button', { name: 'Publish' }).click()
  const series = page.getByRole('article').filter({ hasText: '05:40' })
  await series.getByRole('button', { name: 'Leave a day out' }).click()
  await page.getByLabel('Which day').selectOption({ index: 1 })
  await page.getByLabel('Reason').fill('The fair is on that day.')
  await page.getByRole('dialog').getByRole('button', { name: 'Leave a day out', exact: true }).click()
  await expect(series).toContainText(/Days left out:\s*Mon/)
  await series.getByRole('button', { name: /^Put this day back: Mon/ }).click()
  await expect(page.getByText('The day is back as a new shift: everybody signs up anew.', { exact: true })).toBeVisible()
  await expect(series).not.toContainText('Days left out')
  await series.getByRole('button', { name: 'Stop' }).click()
  await page.getByLabel('Reason').fill('It was a trial only.')
  await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(series).toHaveCount(0)

  await page.getByRole('link', { name: 'Volunteers' }).click()
  const trainee = page.getByRole('article').filter({ hasText: 'Trainee' }).filter({ hasText: 'Information' }).first()
  await trainee.getByRole('button', { name: /^Skills/ }).click()
  await page.getByLabel('Skill', { exact: true }).selectOption({ label: 'First aid' })
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await expect(trainee).toContainText('Can: First aid')
  await page.context().close()
})

test('the lead reads the figures of a month and takes the draft along in the other language; an officer is not offered it', async ({ browser }) => {
  const page = await as(browser, 'lead')
  await page.goto('/en/desk/patrols?tab=review')
  await page.getByLabel('Review of').selectOption({ label: 'Last month' })
  await page.getByRole('button', { name: 'Write the draft' }).click()
  await expect(page.getByRole('textbox', { name: 'Draft' })).toHaveValue(/^Volunteer patrols, \d{4}-\d\d-01 to .*\n\nShifts planned: \d+, held: \d+\./)
  await page.getByLabel('Chinese').check()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download as text' }).click()
  expect(await readFile(await (await download).path(), 'utf8')).toMatch(/^义务巡逻小结/)
  await isAccessible(page)
  await page.context().close()

  const officer = await as(browser, 'officer')
  await officer.goto('/en/desk/patrols?tab=review')
  await expect(officer.getByRole('link', { name: 'Planner' })).toBeVisible()
  await expect(officer.getByRole('link', { name: 'Review' })).toHaveCount(0)
  await officer.context().close()
})
