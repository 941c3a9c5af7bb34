// RULES D5 and E4: a reveal opens for 24 hours. On a station of its own, since its clock is moved.
import { expect, test, type Browser, type Page } from '@playwright/test'
import { caller, fileReport } from '../desk-caller.ts'
import { startPortal } from '../portal.ts'
import { runJobs } from '../run-jobs.ts'

test.describe.configure({ timeout: 240_000 })

async function deskOf(browser: Browser, url: string, account: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}

test('an identity that was opened is closed again when its day is over, in a page that still stands open, too', async ({ browser }) => {
  const portal = await startPortal()
  try {
    const { reference } = await fileReport(portal.url, { contact: { mode: 'sealed', name: 'Amina Yusuf', phone: '13800000000' } })
    const officer = await deskOf(browser, portal.url, 'officer')
    await officer.goto(`/en/desk/reports/${reference}`)
    await officer.getByLabel('Reason (the reporter reads it)').fill('The sender may be in danger tonight')
    await officer.getByRole('button', { name: 'Ask to open the identity' }).click()
    await expect(officer.getByText('waits for a second person')).toBeVisible()
    const lead = await caller(portal.url, 'lead')
    const { reveals: [asked] } = (await lead.call('GET', `desk/reports/${reference}/reveals`)).body as { reveals: { id: string }[] }
    expect((await lead.call('POST', `desk/reports/${reference}/reveals/${asked?.id}/approve`, {})).status).toBe(200)
    await officer.clock.install()
    await officer.reload()
    await officer.getByRole('button', { name: 'Read the identity' }).click()
    await expect(officer.getByText('Amina Yusuf')).toBeVisible()
    await officer.clock.fastForward('04:50')
    await expect(officer.getByText('Amina Yusuf')).toBeVisible()
    await officer.clock.fastForward('00:15')
    await expect(officer.getByText('Amina Yusuf')).toHaveCount(0)
    await officer.getByRole('button', { name: 'Read the identity' }).click()
    await expect(officer.getByText('Amina Yusuf')).toBeVisible()
    await officer.getByRole('button', { name: 'Close it now' }).click()
    await expect(officer.getByText('Amina Yusuf')).toHaveCount(0)
    const old = await officer.context().newPage()
    await old.goto(`/en/desk/reports/${reference}`)
    await expect(old.getByRole('button', { name: 'Read the identity' })).toBeVisible()

    await runJobs(portal.dataDir, '--now', new Date(Date.now() + 25 * 3_600_000).toISOString())

    const answer = old.waitForResponse(response => response.url().includes('/identity'))
    await old.getByRole('button', { name: 'Read the identity' }).click()
    expect((await answer).status()).toBe(404)
    await expect(old.getByText('Amina Yusuf')).toHaveCount(0)
    await officer.reload()
    await expect(officer.getByRole('region', { name: 'Open what is sealed' }).getByText('closed again')).toBeVisible()
    await expect(officer.getByRole('button', { name: 'Read the identity' })).toHaveCount(0)
    await expect(officer.getByText('Amina Yusuf')).toHaveCount(0)
    await officer.context().close()
  }
  finally {
    await portal.stop()
  }
})
