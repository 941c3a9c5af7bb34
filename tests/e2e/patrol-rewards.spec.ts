// Rewards, the reward of a tip and certificates of hours on a phone, with and without script.
import AxeBuilder from '@axe-core/playwright'
import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { offeredTipRewardSchema, savedRewardSchema } from '../../shared/patrols/reward-schema.ts'
import { caller, fileReport } from '../desk-caller.ts'

const portalUrl = process.env.LINLI_E2E_URL ?? ''
test.use({ viewport: { width: 390, height: 844 } })

async function signIn(page: Page, account: string) {
  expect((await page.context().request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
}

async function expectAccessible(page: Page, javaScriptEnabled: boolean | undefined) {
  // axe itself is a script.
  if (javaScriptEnabled === false) return
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

/** A reward of the station by this name. */
async function aReward(name: string, cost: { points: number, deposit: number, stock: number }) {
  const answer = await (await caller(portalUrl, 'lead')).call('POST', 'desk/patrols/rewards', { name: { zh: name, en: name }, ...cost })
  expect(answer.status).toBe(201)
  return savedRewardSchema.parse(answer.body).id
}

test('li orders a whistle for points, gives it up, orders it again and picks it up with the code', async ({ page, javaScriptEnabled }, { project }) => {
  const name = `Whistle ${project.name}`
  await aReward(name, { points: 5, deposit: 0, stock: 1 })
  await signIn(page, 'volunteer')
  await page.goto('/en/patrols/points')
  await page.getByRole('link', { name: 'Rewards', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Rewards')
  const shelf = page.getByRole('region', { name: 'What there is' }).getByRole('article', { name })
  await expect(shelf).toContainText('5 points · 1 left')
  await shelf.getByRole('button', { name: `Order: ${name}` }).click()
  await expect(page.getByRole('status')).toHaveText('Ordered. Pick it up at the station with the code.')
  await expect(shelf).toContainText('none left')
  await expect(shelf.getByRole('button')).toHaveCount(0)
  await expectAccessible(page, javaScriptEnabled)

  const order = page.getByRole('region', { name: 'My orders' }).getByRole('article', { name }).first()
  await order.getByRole('button', { name: `Cancel: ${name}` }).click()
  await expect(page.getByRole('status')).toHaveText('Cancelled. The points came back.')
  await expect(order).toContainText('Cancelled; the points came back')
  await shelf.getByRole('button', { name: `Order: ${name}` }).click()
  const code = await order.locator('.code').textContent() ?? ''
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  expect((await (await caller(portalUrl, 'officer')).call('POST', 'desk/patrols/orders/hand-out', { code })).status).toBe(200)
  await page.reload()
  await expect(order).toContainText('Picked up')
})

test('the sender of a tip claims its reward with reference and receipt alone, and sees the code once', async ({ page, javaScriptEnabled }) => {
  const [officer, lead, chief] = [await caller(portalUrl, 'officer'), await caller(portalUrl, 'lead'), await caller(portalUrl, 'chief')]
  const { reference, receipt } = await fileReport(portalUrl)
  expect((await officer.call('POST', `desk/reports/${reference}/status`, { status: 'closed', closedReason: 'no_further_action', fromStatus: 'received', publicText: 'Found, thank you.' })).status).toBe(200)
  await page.goto('/en/reports/track')
  await page.locator('[name=reference]').fill(reference)
  await page.locator('[name=receipt]').fill(receipt)
  await page.locator('main form button[type=submit]').first().click()
  await page.waitForURL(`**/reports/${reference}`)
  await page.goto(`/en/reports/${reference}/reward`)
  await expect(page.getByRole('main')).toContainText('There is no reward to claim for this report.')

  const { id } = offeredTipRewardSchema.parse((await lead.call('POST', 'desk/patrols/tip-rewards', { reference, yuan: 300, why: 'The tip led to the bicycles.' })).body)
  expect((await chief.call('POST', `desk/patrols/tip-rewards/${id}/decide`, { approve: true })).status).toBe(200)
  await page.goto(`/en/reports/${reference}`)
  await page.getByRole('link', { name: 'A reward waits for you' }).click()
  await expect(page.getByRole('main')).toContainText('The station rewards it with 300 yuan.')
  await expectAccessible(page, javaScriptEnabled)
  await page.getByRole('button', { name: 'Show the pay-out code' }).click()
  const code = await page.getByRole('region', { name: 'Your pay-out code' }).locator('.code').textContent() ?? ''
  expect(code).toMatch(/^([0-9A-Z]{4}-){2}[0-9A-Z]{4}$/)
  await expectAccessible(page, javaScriptEnabled)

  await page.goto(`/en/reports/${reference}/reward`)
  await expect(page.getByRole('main')).not.toContainText(code)
  await expect(page.getByRole('button', { name: 'Make a new code' })).toBeVisible()
  expect((await officer.call('POST', 'desk/patrols/tip-rewards/pay', { code })).body).toEqual({ yuan: 300 })
  await page.reload()
  await expect(page.getByRole('main')).toContainText('There is no reward to claim for this report.')
})

test('li makes a certificate; anybody finds it genuine, a changed file altered, and revoked once li takes it back', async ({ page, browser, javaScriptEnabled }) => {
  test.setTimeout(90_000)
  await signIn(page, 'volunteer')
  await page.goto('/en/patrols/certificates')
  await page.getByLabel('From', { exact: true }).fill('2020-01-02')
  await page.getByLabel('To', { exact: true }).fill('2020-01-01')
  await page.getByLabel('Initials only').check()
  await page.getByRole('button', { name: 'Sign and make it' }).click()
  await expect(page.getByRole('alert')).toContainText('The last day cannot be before the first')
  await expect(page.getByLabel('Initials only'), 'nothing that was chosen is lost').toBeChecked()
  await page.getByLabel('To', { exact: true }).fill('2099-12-31')
  await page.getByRole('button', { name: 'Sign and make it' }).click()
  await expect(page.getByRole('status')).toHaveText('The certificate is signed and ready to download.')
  const card = page.getByRole('region', { name: 'My certificates' }).getByRole('article').first()
  await expect(card).toContainText('李某某')
  const number = await card.getByRole('heading').textContent() ?? ''
  await expectAccessible(page, javaScriptEnabled)
  const [download] = await Promise.all([page.waitForEvent('download'), card.getByRole('link', { name: `Download the PDF of ${number}` }).click()])
  const paper = await readFile(await download.path())

  // An employer without an account.
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 }, javaScriptEnabled: javaScriptEnabled !== false })
  const employer = await context.newPage()
  await employer.goto('/en/verify')
  await employer.getByLabel('Certificate number').fill(number.toLowerCase())
  await employer.getByRole('button', { name: 'Check the number' }).click()
  const verdict = employer.getByRole('region', { name: /^This certificate|^There is no such/ })
  await expect(verdict).toContainText('This certificate is genuine')
  await expect(verdict).toContainText('李某某')
  await expectAccessible(employer, javaScriptEnabled)
  const check = async (buffer: Buffer) => {
    await employer.goto('/en/verify')
    await employer.locator('input[type=file]').setInputFiles({ name: 'certificate.pdf', mimeType: 'application/pdf', buffer })
    await employer.locator('form:has(input[type=file])').locator('button[type=submit]').click()
  }
  await check(paper)
  await expect(verdict).toContainText('This certificate is genuine')
  await check(Buffer.concat([paper, Buffer.from('\n% changed\n')]))
  await expect(verdict).toContainText('This certificate was altered')
  await expectAccessible(employer, javaScriptEnabled)

  await page.goto('/en/patrols/certificates')
  const own = page.getByRole('article', { name: number })
  await own.getByText('Revoke this certificate').click()
  await own.getByRole('button', { name: 'Revoke it' }).click()
  await expect(page.getByRole('status')).toHaveText('The certificate was revoked.')
  await expect(own.getByRole('link')).toHaveCount(0)
  await employer.goto(`/en/verify?certificate=${number}`)
  await expect(verdict).toContainText('This certificate was revoked')
  await expect(verdict).not.toContainText('李某某')
  await expectAccessible(employer, javaScriptEnabled)
  await employer.goto('/en/verify?certificate=PT-0000-0000-0000')
  await expect(verdict).toContainText('There is no such certificate')
  await context.close()
})
