import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Browser } from '@playwright/test'
import { caller, fileReport } from '../desk-caller.ts'

const portalUrl = process.env.LINLI_E2E_URL ?? ''

async function as(browser: Browser, account: string) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 } })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  const page = await context.newPage()
  await page.goto('/en/desk/patrols?tab=rewards')
  return page
}

test('a lead puts a thing on the shelf and hands it out by its code; what was lent comes back', async ({ browser }) => {
  test.setTimeout(90_000)
  const page = await as(browser, 'lead')
  await page.getByLabel('Name in Chinese').fill('雨衣')
  await page.getByLabel('Name in English').fill('Raincoat')
  await page.getByLabel('Deposit in points').fill('5')
  await page.getByLabel('How many are there').fill('1')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const coat = page.getByRole('region', { name: 'Rewards', exact: true }).getByRole('article').filter({ hasText: 'Raincoat' })
  await expect(coat).toBeVisible()
  const volunteer = await caller(portalUrl, 'volunteer')
  const { rewards } = (await volunteer.call('GET', 'patrols/rewards')).body as { rewards: { id: string, name: { en: string } }[] }
  const { code } = (await volunteer.call('POST', 'patrols/orders', { reward: rewards.find(({ name }) => name.en === 'Raincoat')?.id })).body as { code: string }

  await page.reload()
  const open = page.getByRole('region', { name: 'To be picked up or returned' }).getByRole('article').filter({ hasText: 'Raincoat' })
  await expect(open).toHaveCount(1)
  await expect(page.getByRole('main')).not.toContainText(code)
  expect((await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()).violations).toEqual([])
  await page.getByRole('button', { name: 'Hand out by code' }).click()
  await page.getByRole('dialog').getByLabel('Pick-up code').fill(code)
  expect((await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()).violations).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: 'Hand out by code' }).click()
  await expect(page.getByText('Handed out.').first()).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await open.getByRole('button', { name: /It is back/ }).click()
  await expect(open).toHaveCount(0)
  await page.context().close()
})

test('a reward for a tip is offered by the lead, approved by the chief, and the counter pays its code', async ({ browser }) => {
  test.setTimeout(90_000)
  const officer = await caller(portalUrl, 'officer')
  const { reference, receipt } = await fileReport(portalUrl)
  expect((await officer.call('POST', `desk/reports/${reference}/status`, { status: 'closed', closedReason: 'no_further_action', fromStatus: 'received', publicText: 'Found, thank you.' })).status).toBe(200)
  const lead = await as(browser, 'lead')
  await lead.getByRole('button', { name: 'Offer a reward' }).click()
  await lead.getByRole('dialog').getByLabel('Reference of the report').fill(reference)
  await lead.getByRole('dialog').getByLabel('Amount (yuan)').fill('250')
  await lead.getByRole('dialog').getByLabel('Why (nothing that tells who sent it)').fill('It was true.')
  await lead.getByRole('dialog').getByRole('button', { name: 'Offer a reward' }).click()
  const offered = lead.getByRole('region', { name: 'Rewards for tips' }).getByRole('article').filter({ hasText: reference })
  await expect(offered).toContainText('250 yuan · waits for approval')
  await expect(offered.getByRole('button'), 'nobody approves their own').toHaveCount(0)

  const chief = await as(browser, 'chief')
  const waiting = chief.getByRole('region', { name: 'Rewards for tips' }).getByRole('article').filter({ hasText: reference })
  await waiting.getByRole('button', { name: /^Approve/ }).click()
  await expect(waiting).toContainText('waits to be claimed')
  const claimed = await fetch(`${portalUrl}/api/reports/${reference}/reward`, { method: 'POST', headers: { 'x-receipt': receipt, 'content-type': 'application/json' }, body: '{}' })
  const { code } = await claimed.json() as { code: string }

  const counter = await as(browser, 'officer')
  await expect(counter.getByRole('region', { name: 'Rewards for tips' })).toHaveCount(0)
  await counter.getByRole('button', { name: 'Pay the reward of a tip' }).click()
  await counter.getByRole('dialog').getByLabel('Pay-out code').fill(code)
  await counter.getByRole('dialog').getByRole('button', { name: 'Pay the reward of a tip' }).click()
  await expect(counter.getByText('Pay them 250 yuan.').first()).toBeVisible()
  await chief.reload()
  await expect(chief.getByRole('region', { name: 'Rewards for tips' })).toContainText('250 yuan · paid')
  await expect(waiting, 'nothing says which report it was').toHaveCount(0)
  for (const page of [lead, chief, counter]) await page.context().close()
})
