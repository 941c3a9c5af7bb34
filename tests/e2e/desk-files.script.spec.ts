import { expect, test } from '@playwright/test'
import { fileReport } from '../desk-caller.ts'
import { aPdf, aPhoto } from './sample-files.ts'

test.use({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })

test('an officer looks at a picture, downloads a PDF and sends a file with a letter', async ({ page, baseURL }) => {
  const { reference, receipt } = await fileReport(String(baseURL))
  for (const file of [await aPhoto(), aPdf()]) {
    expect((await page.request.post(`/api/reports/${reference}/attachments`, { headers: { 'x-receipt': receipt }, multipart: { file } })).status()).toBe(201)
  }
  await page.goto(`/en/desk/reports/${reference}`)
  await expect(page).toHaveURL(/\/en\/desk\/sign-in/)
  await page.getByLabel('Email').fill('officer@demo.linli')
  await page.getByLabel('Password', { exact: true }).fill('linli-demo')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).not.toHaveURL(/sign-in/)

  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect.poll(() => page.getByRole('img', { name: 'Picture 1' }).evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(800)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()])
  expect(download.suggestedFilename()).toMatch(new RegExp(`^${reference}.*\\.pdf$`))
  await page.getByLabel('Letter to the reporter').fill('Here is the notice.')
  await page.getByLabel('Add a file (optional)').setInputFiles(aPdf('notice.pdf'))
  await page.getByRole('button', { name: 'Send letter' }).click()

  await expect(page.getByText('Letter sent', { exact: true })).toBeVisible()
  await expect(page.getByText('KB · from the desk')).toBeVisible()
  const tracked = await (await page.request.get(`/api/reports/${reference}`, { headers: { 'x-receipt': receipt } })).json()
  expect(tracked.messages).toMatchObject([{ author: 'staff', text: 'Here is the notice.', attachments: [{ type: 'application/pdf' }] }])
  expect(tracked.access.filter(({ action }: { action: string }) => action === 'attachment.opened')).toHaveLength(2)
})
