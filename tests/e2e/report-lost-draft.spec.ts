import { expect, test } from '@playwright/test'
import { fillToDetails, goOn } from './report-pages.ts'

test('whose form was forgotten is told, and finds what was written last at its step', async ({ page, context }) => {
  await page.goto('/zh/reports/new/category')
  await fillToDetails(page)
  await context.clearCookies()

  await page.getByLabel('请您讲讲经过').fill('楼道里一辆没锁的自行车停了好几个星期。')
  await page.locator('fieldset:has(input[type=radio]) input').first().check()
  await goOn(page)

  await expect(page).toHaveURL(/\/new\/category\?lost$/)
  await expect(page.getByRole('alert')).toContainText('您刚才最后一页写的还在')
  await fillToDetails(page)
  await expect(page.getByLabel('请您讲讲经过')).toHaveValue('楼道里一辆没锁的自行车停了好几个星期。')
})

test('an incomplete step of a forgotten form is kept as well', async ({ page, context }) => {
  await page.goto('/zh/reports/new/category')
  await fillToDetails(page)
  await context.clearCookies()

  await page.getByLabel('请您讲讲经过').fill('只写了一半')
  await goOn(page)

  await expect(page.getByRole('alert')).toContainText('您刚才最后一页写的还在')
})

test('whose browser keeps no cookies is told so instead of being sent in a circle', async ({ baseURL }) => {
  const ask = (path: string, init: RequestInit = {}) => fetch(new URL(path, baseURL), { redirect: 'manual', ...init, headers: { 'sec-fetch-site': 'same-origin', 'accept': 'text/html' } })
  const sent = await ask('/en/reports/new/category', { method: 'POST', body: new URLSearchParams({ category: 'other' }) })
  expect(sent.headers.get('location')).toBe('/en/reports/new/place')

  const next = await ask('/en/reports/new/place')

  expect(next.headers.get('location')).toBe('/en/reports/new/category?lost')
  expect(await (await ask('/en/reports/new/category?lost')).text()).toContain('allow cookies for this site')
})

test('a step that is opened from a bookmark begins at the first one, and nothing is said to be lost', async ({ page }) => {
  await page.goto('/en/reports/new/details')

  await expect(page).toHaveURL(/\/new\/category$/)
  await expect(page.getByRole('alert')).toHaveCount(0)
})
