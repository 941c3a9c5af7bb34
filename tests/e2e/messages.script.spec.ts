import { createClient } from '@supabase/supabase-js'
import { expect, test } from '@playwright/test'
import { fileReport } from '../desk-caller.ts'
import { mailsTo } from '../mailbox.ts'

test('a reporter says by the link in a mail what they want to be mailed, without sign-in', async ({ page, baseURL }) => {
  const email = `amina-${crypto.randomUUID().slice(0, 8)}@example.test`
  const { reference } = await fileReport(String(baseURL), { contact: { mode: 'sealed', email } })
  const [mail] = await mailsTo(String(baseURL), email)
  const link = /https?:\/\/\S+\/messages\/\S+/.exec(mail?.body ?? '')?.[0] ?? ''
  await page.goto(new URL(link).pathname)

  await expect(page.getByText(reference)).toBeVisible()
  await expect(page.getByLabel('All', { exact: true })).toBeChecked()
  await page.getByLabel('Only important ones').check()
  await page.getByLabel('From').fill('20:30')
  await page.getByRole('button', { name: 'Save', exact: true }).click()

  await expect(page.getByRole('status')).toHaveText('Saved. This holds from now on.')
  await expect(page.getByLabel('Only important ones')).toBeChecked()
  await expect(page.getByLabel('From')).toHaveValue('20:30')
  await expect(page.getByLabel('Until')).toHaveValue('07:00')
})

test('the lead finds the page of mails, the officer does not', async ({ browser }) => {
  const pageOf = async (account: string) => {
    const context = await browser.newContext({ locale: 'en-GB' })
    await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })
    return context.newPage()
  }
  const lead = await pageOf('lead')
  await lead.goto('/en/desk')
  await lead.getByRole('link', { name: 'Mails' }).click()
  await expect(lead.getByRole('heading', { name: 'Mails that did not get through' })).toBeVisible()
  await expect(lead.getByText('Every mail got through.')).toBeVisible()
  await lead.getByRole('button', { name: /^Waiting/ }).click()
  await expect(lead.getByText(/No mail is waiting\.|sealed address/).first()).toBeVisible()

  const officer = await pageOf('officer')
  await officer.goto('/en/desk/messages')
  await expect(officer.getByText('Mails are looked after by the team leader and the station leader.')).toBeVisible()
  await expect(officer.getByRole('link', { name: 'Mails' })).toHaveCount(0)
})

test('a demo\'s mailbox says that its mails are delivered there', async ({ page, baseURL }) => {
  await fileReport(String(baseURL))
  await page.goto('/en/desk/mailbox')

  await expect(page.getByText('delivered here').first()).toBeVisible()
})

/** Makes the mail of a report a dead letter, as a worker that the mail server refused for good would. */
async function aDeadLetter(baseURL: string, email: string) {
  const supabase = createClient(process.env.LINLI_E2E_SUPABASE_URL ?? '', process.env.LINLI_E2E_SECRET_KEY ?? '', { auth: { persistSession: false } })
  const settle = (id: number, end: object) => supabase.rpc('settle_outbox', { p: { id, worker: 'refused', ...end } })
  // The portal's own worker may be faster: then another mail is tried.
  for (let tries = 0; tries < 8; tries++) {
    const { reference } = await fileReport(baseURL, { contact: { mode: 'sealed', email } })
    const { data } = await supabase.rpc('claim_outbox', { p: { worker: 'refused', limit: 200, lease_seconds: 60 } })
    const messages = (data as { messages: { id: number, reference: string | null }[] }).messages
    const mine = messages.find(message => message.reference === reference)
    for (const { id } of messages) await settle(id, id === mine?.id ? { outcome: 'dead', error: 'smtp_550' } : { outcome: 'release' })
    if (mine) return reference
  }
  throw new Error('the portal was always faster')
}

test('a lead sees a mail that never got through, with its reason and without its address, and sends it again', async ({ browser, baseURL }) => {
  const email = `amina-${crypto.randomUUID().slice(0, 8)}@example.test`
  const reference = await aDeadLetter(String(baseURL), email)
  const before = (await mailsTo(String(baseURL), email)).length
  const context = await browser.newContext({ locale: 'en-GB' })
  await context.request.post('/api/session', { data: { email: 'lead@demo.linli', password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })
  const lead = await context.newPage()
  await lead.goto('/en/desk/messages')
  const row = lead.getByRole('row').filter({ hasText: reference })
  await expect(row).toContainText('refused by the mail server (550)')
  await expect(row).toContainText('sealed address')
  await expect(lead.getByRole('main')).not.toContainText(email)
  await row.getByRole('button', { name: 'Send again' }).click()

  await expect(lead.getByText('1 on their way again', { exact: true })).toBeVisible()
  await expect(row).toHaveCount(0)
  await lead.goto('/en/desk/mailbox')
  await expect(lead.getByText(email).first()).toBeVisible()
  expect((await mailsTo(String(baseURL), email)).length).toBe(before)
  await context.close()
})
