import { randomUUID } from 'node:crypto'
import { expect, test, type Page } from '@playwright/test'
import { caller, fileReport } from '../desk-caller.ts'
import { codeFor } from '../mailbox.ts'
import { runJobs } from '../run-jobs.ts'

const portalUrl = process.env.LINLI_E2E_URL ?? ''

/** What somebody has who saved the whole receipt: the text in front is that of the file. */
async function aSavedReceipt(page: Page, { reference, receipt }: { reference: string, receipt: string }) {
  const answer = await page.request.get(`/api/reports/${reference}/proof`, { headers: { 'x-receipt': receipt } })
  expect(answer.status()).toBe(200)
  const whole = await answer.json() as { statement: Record<string, unknown>, nonce: string }
  return { whole, text: `Receipt of the station\n\n${JSON.stringify(whole, null, 2)}\n` }
}
const seal = () => runJobs(process.env.LINLI_E2E_DATA_DIR ?? '')

async function upload(page: Page, text: string) {
  await page.goto('/en/verify')
  await page.getByLabel('Your receipt file').setInputFiles({ name: 'receipt.txt', mimeType: 'text/plain', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: 'Check it' }).click()
}
async function paste(page: Page, text: string) {
  await page.goto('/en/verify')
  await page.getByLabel('Or paste what is in the file').fill(text)
  await page.getByRole('button', { name: 'Check it' }).click()
}
const result = (page: Page) => page.getByRole('region', { name: /This receipt is in order|The signature is in order|Something is wrong/ })

test('a saved receipt is found in order, uploaded or pasted, and nothing of it comes back', async ({ page }) => {
  const filed = await fileReport(portalUrl)
  const { text, whole } = await aSavedReceipt(page, filed)
  await seal()

  await upload(page, text)
  await expect(page.getByRole('heading', { name: 'This receipt is in order' })).toBeVisible()
  await expect(result(page)).toContainText('The station signed exactly this.')
  await expect(result(page)).toContainText('word for word what you sent')
  await expect(result(page)).toContainText(/Yes, in block \d+/)
  await paste(page, JSON.stringify(whole))
  await expect(page.getByRole('heading', { name: 'This receipt is in order' })).toBeVisible()

  expect(await page.content()).not.toContain(whole.nonce)
  await expect(page.getByLabel('Or paste what is in the file')).toHaveValue('')
})

test('a receipt whose words were altered, and one of another station, are told apart from a good one', async ({ page }) => {
  const { whole } = await aSavedReceipt(page, await fileReport(portalUrl))
  const altered = { ...whole, statement: { ...whole.statement, receivedAt: '2026-01-01T00:00:00.000Z' } }
  await paste(page, JSON.stringify(altered))
  await expect(page.getByRole('heading', { name: 'Something is wrong with this receipt' })).toBeVisible()
  await expect(result(page)).toContainText('The station did not sign this')

  const foreign = { ...whole, statement: { ...whole.statement, signature: Buffer.alloc(64, 7).toString('base64url') } }
  await upload(page, JSON.stringify(foreign))
  await expect(result(page)).toContainText('comes from somewhere else')
  await expect(result(page)).not.toContainText('What you wrote')
})

test('a file that lacks what the text is compared with is never called in order', async ({ page }) => {
  const { whole: { statement } } = await aSavedReceipt(page, await fileReport(portalUrl))
  await paste(page, JSON.stringify({ statement }))

  await expect(page.getByRole('heading', { name: 'The signature is in order; the text was not compared' })).toBeVisible()
  await expect(page.getByText('This receipt is in order')).toHaveCount(0)
})

test('nothing, or a text without a statement, is said under its field', async ({ page }) => {
  await page.goto('/en/verify')
  await page.getByRole('button', { name: 'Check it' }).click()
  await expect(page.getByRole('alert')).toContainText('Choose the file or paste its text.')

  await paste(page, 'a letter to my aunt')
  await expect(page.getByRole('alert')).toContainText('There is no signed statement in this.')
})

test('after an erasure the receipt still proves that the report existed', async ({ page }) => {
  const email = `amina-${randomUUID().slice(0, 8)}@example.test`
  await page.goto('/en/sign-in?next=/en/account/erase')
  await page.getByLabel('Email address').fill(email)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Code').fill(await codeFor(portalUrl, email))
  await page.getByRole('button', { name: 'Continue' }).click()
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const guest = await caller(portalUrl)
  const filed = await fileReport(portalUrl, { by: { call: async (method, path, body) => {
    const answer = await fetch(`${portalUrl}/api/${path}`, { method, headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }, body: JSON.stringify(body) })
    return { status: answer.status, type: '', headers: answer.headers, body: await answer.json() as unknown }
  } }, contact: { mode: 'named', name: 'Amina' } })
  const { text } = await aSavedReceipt(page, filed)
  await seal()
  const withdrawn = await page.request.post(`/api/reports/${filed.reference}/withdraw`, { headers: { 'x-receipt': filed.receipt, 'sec-fetch-site': 'same-origin', 'origin': portalUrl } })
  expect(withdrawn.status()).toBeLessThan(300)
  await page.goto('/en/account/erase')
  await page.getByLabel('I have read this').check()
  await page.getByRole('button', { name: 'Erase my account' }).click()
  await expect(page.getByRole('heading', { name: 'Your account is erased' })).toBeVisible()

  await upload(page, text)

  await expect(result(page)).toContainText('The station signed exactly this.')
  await expect(result(page)).toContainText('The report was erased by the rules.')
  await expect(page.getByRole('heading', { name: 'The signature is in order; the text was not compared' })).toBeVisible()
  expect((await guest.call('GET', `reports/${filed.reference}`)).status).toBe(404)
})

for (const [locale, title, where] of [['zh', '两种回执文件，各能证明什么', '到进度页可以下载完整的回执文件'], ['en', 'Two receipt files, and what each proves', 'Get the whole receipt file from the page of my report']] as const) {
  test(`what each of the two files proves, and where the fuller one is, in ${locale}`, async ({ page }) => {
    await page.goto(`/${locale}/verify`)
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
    await page.getByRole('link', { name: where }).click()
    await expect(page).toHaveURL(new RegExp(`/${locale}/reports/track$`))
  })
}
