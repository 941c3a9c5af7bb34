import { expect, test, type Browser, type Page } from '@playwright/test'
import { fileReport } from '../desk-caller.ts'
import { runJobs } from '../run-jobs.ts'

test.use({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })

async function deskOf(browser: Browser, account: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}

test('a sealed identity: the officer asks, the lead approves, the resident reads role, time and reason, with and without script', async ({ browser, baseURL }) => {
  const { reference, receipt } = await fileReport(String(baseURL), { contact: { mode: 'sealed', name: 'Amina Yusuf', phone: '13800000000' } })
  const reason = 'The sender may be in danger tonight'
  const officer = await deskOf(browser, 'officer')
  await officer.goto(`/en/desk/reports/${reference}`)
  const asked = officer.getByRole('region', { name: 'Open what is sealed' })
  await asked.getByLabel('Reason (the reporter reads it)').fill(reason)
  await asked.getByRole('button', { name: 'Ask to open the identity' }).click()
  await expect(asked.getByText('waits for a second person')).toBeVisible()
  await expect(asked.getByRole('button', { name: 'Approve for 24 hours' })).toHaveCount(0)
  await expect(officer.getByText('Amina Yusuf')).toHaveCount(0)

  const lead = await deskOf(browser, 'lead')
  await lead.goto(`/en/desk/reports/${reference}`)
  await lead.getByRole('button', { name: 'Approve for 24 hours' }).click()
  await expect(lead.getByText(/open until/)).toBeVisible()
  await officer.reload()
  await asked.getByRole('button', { name: 'Read the identity' }).click()
  await expect(asked.getByText('Amina Yusuf')).toBeVisible()

  for (const javaScriptEnabled of [true, false]) {
    const resident = await (await browser.newContext({ javaScriptEnabled, locale: 'en-GB' })).newPage()
    await resident.goto('/en/reports/track')
    await resident.getByLabel('Reference').fill(reference)
    await resident.locator('[name=receipt]').fill(receipt)
    await resident.locator('main form button').first().click()
    await resident.getByText(/^Who opened my report/).click()
    await expect(resident.getByText('read who you are')).toBeVisible()
    await expect(resident.getByText(`Agreed by: Team leader. Reason: ${reason}`)).toBeVisible()
    await expect(resident.getByRole('main')).not.toContainText('Chen Zhiyuan')
    await resident.context().close()
  }
  for (const page of [officer, lead]) await page.context().close()
})

test('what is declined opens nothing', async ({ browser, baseURL }) => {
  const { reference } = await fileReport(String(baseURL), { contact: { mode: 'sealed', name: 'Amina Yusuf' } })
  const officer = await deskOf(browser, 'officer')
  await officer.goto(`/en/desk/reports/${reference}`)
  await officer.getByLabel('Reason (the reporter reads it)').fill('I would like to know who it is')
  await officer.getByRole('button', { name: 'Ask to open the identity' }).click()
  const lead = await deskOf(browser, 'lead')
  await lead.goto(`/en/desk/reports/${reference}`)
  await lead.getByRole('button', { name: 'Decline' }).click()
  await expect(lead.getByText(/declined/).first()).toBeVisible()

  await officer.reload()
  await expect(officer.getByRole('region', { name: 'Open what is sealed' }).getByText(/· declined/)).toBeVisible()
  await expect(officer.getByRole('button', { name: 'Read the identity' })).toHaveCount(0)
  for (const page of [officer, lead]) await page.context().close()
})

test('the auditor checks the chain at the desk: every row is as it was sealed, and the run stands in the log', async ({ browser, baseURL }) => {
  await fileReport(String(baseURL))
  await runJobs(process.env.LINLI_E2E_DATA_DIR ?? '')
  const auditor = await deskOf(browser, 'auditor')
  await auditor.goto('/en/desk/audit')
  const check = auditor.getByRole('region', { name: 'Check the chain' })
  await check.getByRole('button', { name: 'Check now' }).click()

  await expect(check.getByText('Every row is as it was sealed.')).toBeVisible({ timeout: 30_000 })
  await expect(check.getByText(/[1-9]\d* blocks, [1-9]\d* rows compared/)).toBeVisible()
  await expect(auditor.getByRole('cell', { name: 'checked the chain: nothing wrong' }).first()).toBeVisible()
  await auditor.context().close()
})

test('the chief sees what is kept how long, sets a term, holds a case and lifts the hold; all of it is in the log', async ({ browser, baseURL }) => {
  const { reference } = await fileReport(String(baseURL))
  const chief = await deskOf(browser, 'chief')
  await chief.goto('/en/desk')
  await chief.getByRole('link', { name: 'Retention' }).click()
  await expect(chief.getByRole('heading', { name: 'What is kept how long' })).toBeVisible()
  await expect(chief.getByRole('row', { name: /Drafts that were not sent/ })).toContainText('2 hours')
  await expect(chief.getByText('Nothing: no case is over.')).toBeVisible()
  await expect(chief.getByText('reports whose time is over')).toBeVisible()

  const term = chief.getByLabel('Days for Mails that never got through')
  const before = await term.inputValue()
  // A second try finds what the first one set.
  const days = before === '60' ? '90' : '60'
  await term.fill(days)
  await chief.getByRole('button', { name: 'Set: Mails that never got through' }).click()
  await expect(chief.getByText(`Mails that never got through: ${days} days from now on`, { exact: true })).toBeVisible()
  await chief.getByLabel('Reference').fill(reference.toLowerCase())
  await chief.getByLabel(/^Reason/).fill('a court has asked for it')
  await chief.getByRole('button', { name: 'Put on hold' }).click()
  await expect(chief.getByRole('button', { name: `Lift: ${reference}` })).toBeVisible()
  await chief.getByRole('button', { name: `Lift: ${reference}` }).click()
  await expect(chief.getByRole('button', { name: `Lift: ${reference}` })).toHaveCount(0)

  await chief.goto('/en/desk/audit')
  await expect(chief.getByRole('row').filter({ hasText: 'changed how long something is kept' }).first()).toContainText(`from ${before} to ${days} days; mails that never got through`)
  await expect(chief.getByRole('row').filter({ hasText: reference }).filter({ hasText: 'kept a report beyond its time' })).toContainText('a court has asked for it')
  await chief.context().close()
})

test('retention is read by auditor and admin, who change nothing, and not by the officer', async ({ browser }) => {
  for (const account of ['auditor', 'admin']) {
    const page = await deskOf(browser, account)
    await page.goto('/en/desk/retention')
    await expect(page.getByRole('heading', { name: 'Rules', exact: true })).toBeVisible()
    await expect(page.getByRole('spinbutton')).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Put on hold' })).toHaveCount(0)
    await page.context().close()
  }
  const officer = await deskOf(browser, 'officer')
  await officer.goto('/en/desk/retention')
  await expect(officer.getByText('Retention is read by the station leader, the auditor and the administrator.')).toBeVisible()
  await officer.context().close()
})
