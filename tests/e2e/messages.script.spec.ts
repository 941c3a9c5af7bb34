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
