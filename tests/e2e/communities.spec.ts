import { expect, test } from '@playwright/test'

test('a resident finds the officer of their community, when the office is open and what to dial', async ({ page }) => {
  await page.goto('/zh/communities')
  await page.getByRole('link', { name: '平安里' }).click()

  await expect(page).toHaveURL(/\/zh\/communities\/ping-an$/)
  await expect(page.getByText('陈志远')).toBeVisible()
  await expect(page.getByText('接待时间', { exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: /^打电话/ })).toHaveAttribute('href', /^tel:\d+$/)
  await expect(page.getByRole('img', { name: '平安里的网格地图' })).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: '平安里五网格' })).toBeVisible()
})

test('a stand-in is named beside the officer', async ({ page }) => {
  await page.goto('/en/communities/he-xie')

  await expect(page.getByText('Zheng Li')).toBeVisible()
  await expect(page.getByText('Stands in · number 088115')).toBeVisible()
})

test('a community that does not exist has no page', async ({ page }) => {
  expect((await page.goto('/zh/communities/atlantis'))?.status()).toBe(404)
})
