import { expect, test } from '@playwright/test'

test('the front door opens in the language of the browser, with the police number on top', async ({ page }) => {
  await page.goto('/')

  await expect(page).toHaveURL(/\/zh\/?$/)
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/)
  await expect(page.getByRole('banner').locator('a[href="tel:110"]')).toBeVisible()
})

test('the other language is one link away', async ({ page }) => {
  await page.goto('/zh')

  await page.getByRole('link', { name: 'English' }).click()

  await expect(page).toHaveURL(/\/en\/?$/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})
