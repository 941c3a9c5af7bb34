import { randomUUID } from 'node:crypto'
import { expect, test, type Browser } from '@playwright/test'
import { openRatingsSchema } from '../../shared/ratings/rating-schema.ts'
import { openRatingRound } from '../arrange-rating.ts'
import { caller } from '../desk-caller.ts'
import type { Portal } from '../portal.ts'

const portal = { url: process.env.LINLI_E2E_URL ?? '', dataDir: process.env.LINLI_E2E_DATA_DIR ?? '' } as Portal

async function as(browser: Browser, account: string) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 } })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}

test('the lead reads a comment and publishes it without the name in it; the rated officer never sees what waits', async ({ browser }) => {
  await openRatingRound(portal)
  const mark = randomUUID().slice(0, 8)
  const guest = await caller(portal.url, undefined, '10.4.5.6')
  const { rounds } = openRatingsSchema.parse((await guest.call('GET', 'ratings')).body)
  const subject = rounds[0]?.subjects.find(({ community }) => community === 'ping-an')
  const said = `Officer Chen helped Mrs Li of ${mark} at once.`
  expect((await guest.call('POST', 'ratings', { subject: subject?.id, answers: { knows: true, satisfied: 5, comment: said } })).status).toBe(201)

  const officer = await as(browser, 'officer')
  await officer.goto('/en/desk/ratings')
  await expect(officer.getByRole('heading', { name: 'Comments that wait' })).toBeVisible()
  await expect(officer.getByText(mark, { exact: false })).toHaveCount(0)

  const lead = await as(browser, 'lead')
  await lead.goto('/en/desk/ratings')
  const comment = lead.locator('form.desk-card').filter({ hasText: mark })
  await expect(comment).toContainText(said)
  await comment.getByLabel('As it is published').fill(`The officer helped a neighbour at once. (${mark})`)
  await comment.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(lead.getByText('Done.', { exact: true }).first()).toBeVisible()
  await expect(lead.locator('form.desk-card').filter({ hasText: mark })).toHaveCount(0)
  for (const page of [officer, lead]) await page.context().close()
})
