import { expect, test } from '@playwright/test'

test('a resident searches, reads what to do first, and goes on from there', async ({ page }) => {
  await page.goto('/zh')
  await page.getByRole('link', { name: '安全和办事问答' }).first().click()
  await page.getByLabel('想问什么').fill('电瓶车被偷')
  await page.getByRole('button', { name: '查找' }).click()

  await expect(page).toHaveURL(/\/zh\/safety\?q=/)
  await page.getByRole('link', { name: '电动自行车被偷了怎么办' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('电动自行车被偷了怎么办')
  await expect(page.locator('.article').getByRole('link', { name: '110' }).first()).toHaveAttribute('href', 'tel:110')
  await expect(page.getByText(/年\d+月\d+日核对/)).toBeVisible()
  await page.getByRole('link', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('My e-bike was stolen')
  await page.locator('.article').getByRole('link', { name: 'report it' }).click()
  await expect(page).toHaveURL(/\/en\/reports\/new/)
})

test('what is not there is said, and what to do then', async ({ page }) => {
  await page.goto('/en/safety?q=zzzzqqqq')

  await expect(page.getByRole('heading', { name: 'Nothing found for “zzzzqqqq”' })).toBeVisible()
  await expect(page.getByText('Or look under the headings below.')).toBeVisible()
  expect((await page.goto('/en/safety/there-is-none'))?.status()).toBe(404)
})
