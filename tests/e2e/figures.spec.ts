import { expect, test } from '@playwright/test'
import { budgets, weighPage } from '../bench/weigh-pages.ts'

test('a resident reads what was promised and kept, how it is counted, and what is not shown', async ({ page }) => {
  await page.goto('/en/communities')
  await page.getByRole('link', { name: 'Did we do what we promised?' }).click()

  await expect(page).toHaveURL(/\/en\/communities\/figures$/)
  const visits = page.getByRole('table', { name: /^Visits in time, \w+ \d{4}$/ }).first()
  await expect(visits.getByRole('row', { name: /Whole station/ })).toContainText(/\d+% \(\d+–\d+\)/)
  await expect(visits.getByRole('row', { name: /Ping'an/ })).toContainText(/\d+ of \d+/)
  await expect(page.getByText('Only answers that residents gave themselves')).toBeVisible()
  // Every number counted apart is withheld in the demo: said once. The terms of the trade stand behind a summary.
  await expect(page.getByText('too few everywhere to say')).toHaveCount(1)
  await expect(page.getByRole('table', { name: 'Counted apart' })).toHaveCount(0)
  await expect(page.getByText('95 % Wilson interval')).toBeHidden()
  await page.getByText('The exact rules').click()
  await expect(page.getByText('95 % Wilson interval')).toBeVisible()

  // The month before: one community had too few, and a second is hidden with it.
  await page.locator('main details summary').first().click()
  const before = page.locator('main details').first().getByRole('table').first()
  await expect(before.getByRole('row', { name: /Hexie/ })).toContainText('too few to say')
  await expect(before.getByRole('row', { name: /Ping'an/ })).toContainText('too few to say')
  await expect(before.getByRole('row', { name: /Changle/ })).toContainText('67%')
})

test('the page of a community says what was kept there and what was solved', async ({ page }) => {
  await page.goto('/zh/communities/ping-an')

  await expect(page.getByRole('table', { name: /说到做到了吗/ }).getByRole('row', { name: /按时回访/ })).toContainText(/\d+%/)
  await expect(page.getByRole('heading', { name: '平安里电动车电瓶被盗案已破' })).toBeVisible()
})

test('the figures stay within the weight of a page and need no script', async ({ page, context, javaScriptEnabled }) => {
  await page.goto('/zh/communities/figures')
  for (const path of ['/zh/communities/figures', '/en/communities/ping-an']) {
    const { bytes, scriptBytes, requests } = await weighPage(context, new URL(path, page.url()).href)
    expect(bytes, path).toBeLessThanOrEqual(budgets.anyPage)
    expect(scriptBytes, path).toBeLessThanOrEqual(budgets.scripts)
    if (javaScriptEnabled === false) expect(requests, path).toBeLessThanOrEqual(budgets.requestsWithoutScript)
  }
})
