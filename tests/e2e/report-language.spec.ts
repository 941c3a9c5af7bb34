import { expect, test, type Page } from '@playwright/test'
import { fillReport, goOn, send, track } from './report-pages.ts'
import { aPdf } from './sample-files.ts'

const toEnglish = (page: Page) => page.getByRole('banner').getByRole('button', { name: 'English' }).click()

test('the language is changed in the middle of a step: what was typed and ticked stands there, and nothing is complained about', async ({ page }) => {
  const addresses: string[] = []
  page.on('request', request => addresses.push(decodeURIComponent(request.url())))
  await fillReport(page)
  await page.goto('/zh/reports/new/details?from=check')
  await page.getByLabel('请您讲讲经过').fill('写到一半，\n还没有写完')
  await page.getByLabel('大约值多少钱').fill('不是数字')
  await toEnglish(page)

  await expect(page).toHaveURL(/\/en\/reports\/new\/details$/)
  await expect(page.getByLabel('Tell us in your own words')).toHaveValue('写到一半，\n还没有写完')
  await expect(page.locator('input[name="answers.value_yuan"]')).toHaveValue('不是数字')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await page.getByRole('banner').getByRole('button', { name: '中文' }).click()
  await expect(page.getByLabel('请您讲讲经过')).toHaveValue('写到一半，\n还没有写完')
  await page.getByLabel('大约值多少钱').fill('900')
  await goOn(page)
  await expect(page, 'it was a change of one answer').toHaveURL(/\/zh\/reports\/new\/check$/)
  await expect(page.getByRole('main')).toContainText('还没有写完')
  expect(addresses.filter(address => /写|900/.test(address))).toEqual([])
})

test('an empty step changes the language without a complaint, before there is a draft and after', async ({ page }) => {
  await page.goto('/zh/reports/new/category')
  await toEnglish(page)
  await expect(page).toHaveURL(/\/en\/reports\/new\/category$/)
  await expect(page.getByRole('alert')).toHaveCount(0)
  await page.getByRole('radio', { name: /^Theft/ }).check()
  await page.getByRole('banner').getByRole('button', { name: '中文' }).click()
  await expect(page.getByRole('radio', { name: /^盗窃/ })).toBeChecked()
  await goOn(page)
  await expect(page).toHaveURL(/\/zh\/reports\/new\/place$/)
})

test('the Enter key goes on and does not change the language', async ({ page }) => {
  await fillReport(page)
  await page.goto('/zh/reports/new/when')
  await page.getByLabel('大概什么时候').press('Enter')

  await expect(page).toHaveURL(/\/zh\/reports\/new\/details$/)
})

test('a file that was chosen is not lost with the language', async ({ page }) => {
  await fillReport(page)
  await page.goto('/zh/reports/new/files')
  await page.getByLabel('选择文件').setInputFiles(aPdf())
  await toEnglish(page)

  await expect(page).toHaveURL(/\/en\/reports\/new\/files$/)
  await expect(page.locator('#files').getByRole('listitem')).toHaveCount(1)
})

test('a letter that is being written is not lost with the language', async ({ page }) => {
  await fillReport(page)
  await track(page, await send(page))
  await page.getByLabel('写信或补充情况').fill('想起来一件事')
  await toEnglish(page)

  await expect(page).toHaveURL(/\/en\/reports\/LL-[0-9A-Z-]+$/)
  await expect(page.locator('textarea')).toHaveValue('想起来一件事')
  await expect(page.getByRole('article')).toHaveCount(0)
  await expect(page.getByRole('alert')).toHaveCount(0)
})
