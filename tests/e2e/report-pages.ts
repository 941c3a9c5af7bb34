import { randomInt } from 'node:crypto'
import { expect, type Page } from '@playwright/test'

export interface Filed { reference: string, receipt: string }

/** The pages of the form below `/reports/new`, for a report with a name. */
export const steps = ['', '/danger', '/category', '/place', '/when', '/details', '/files', '/contact', '/reach', '/check']

/** "Continue" of a step, and the page after it. */
export async function goOn(page: Page, name = '继续') {
  await page.getByRole('main').getByRole('button', { name, exact: true }).click()
}

/** "Continue", until the next step is there: with script a form asks first whether there is a network. */
async function goOnTo(page: Page, step: string) {
  await goOn(page)
  await page.waitForURL(`**/reports/new/${step}`)
}

/** From the first question to "check your answers", in Chinese. */
export async function fillReport(page: Page, { category = /^盗窃/, description = '楼下停的电动车不见了。', mode = '匿名', grid = 'PA-01' }: { category?: RegExp, description?: string, mode?: string, grid?: string } = {}) {
  // Each report is another person's: limits count by address, and all tests together are more than one household.
  await page.context().setExtraHTTPHeaders({ 'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}` })
  await page.goto('/zh/reports/new')
  await page.getByRole('button', { name: '没有，我要反映情况' }).click()
  await fillToDetails(page, { category, grid })
  await page.getByLabel('请您讲讲经过').fill(description)
  await answerRequired(page)
  await goOnTo(page, 'files')
  await goOnTo(page, 'contact') // no files
  await page.getByRole('radio', { name: mode, exact: true }).check()
  await goOnTo(page, `${mode === '匿名' ? 'check' : 'reach'}`)
}

/** From the category to the page that asks what happened. */
export async function fillToDetails(page: Page, { category = /^盗窃/, grid = 'PA-01' }: { category?: RegExp, grid?: string } = {}) {
  await page.getByRole('radio', { name: category }).check()
  await goOnTo(page, 'place')
  await page.getByRole('combobox').selectOption(grid)
  await goOnTo(page, 'when')
  await page.getByRole('radio', { name: '只知道大概' }).check()
  await page.getByLabel('大概什么时候').fill('昨天夜里')
  await goOnTo(page, 'details')
}

/** The category's own questions that must be answered: the first choice, or a word. */
async function answerRequired(page: Page) {
  for (const group of await page.locator('fieldset:not(:has(legend .muted))').all()) await group.locator('input').first().check()
  for (const field of await page.locator('.field:not(:has(.muted)) input.control').all()) await field.fill('电动车')
}

/** Sends what is checked and reads the receipt from the confirmation. */
export async function send(page: Page): Promise<Filed> {
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await expect(page).toHaveURL(/\/zh\/reports\/sent$/)
  return readReceipt(page)
}

export async function readReceipt(page: Page): Promise<Filed> {
  const text = await page.getByRole('main').innerText()
  const reference = /LL-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0]
  const receipt = /[0-9A-Z]{4}(-\s*[0-9A-Z]{4}){5}/.exec(text)?.[0]
  if (!reference || !receipt) throw new Error('the confirmation shows no reference or no receipt')
  return { reference, receipt: receipt.replaceAll(/\s/g, '') }
}

export async function track(page: Page, { reference, receipt }: Filed) {
  await page.goto('/zh/reports/track')
  await page.getByLabel('查询编号').fill(reference)
  await page.getByLabel('回执码').fill(receipt)
  await page.getByRole('button', { name: '查看', exact: true }).click()
}
