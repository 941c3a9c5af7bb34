import { expect, test, type Page } from '@playwright/test'
import { goOn, send, track } from './report-pages.ts'

interface Known { identifier: string, kind: string, event: { code: string }, communityIds: string[], texts: { zh: { headline: string } } }

const scam = async (page: Page): Promise<Known> => {
  const { alerts } = await (await page.request.get('/api/alerts')).json() as { alerts: Known[] }
  return alerts.find(({ texts }) => texts.zh.headline.includes('社保局'))!
}
const line = (page: Page) => page.locator('.about-alert')

test('what somebody knows about an alert stays with the report, from the first question to the officer', async ({ page, browser, baseURL }) => {
  const alert = await scam(page)
  const code = alert.identifier.slice(4)
  await page.goto(`/zh/reports/new?alert=${code.toLowerCase()}`)
  await expect(line(page)).toContainText(`关于预警 ${code}`)
  await expect(line(page).getByRole('link', { name: alert.texts.zh.headline })).toBeVisible()
  await page.getByRole('button', { name: '没有，我要反映情况' }).click()
  await expect(page).toHaveURL('/zh/reports/new/category')
  await expect(page.locator('[name=category]:checked')).toHaveValue('fraud')
  const next = async (step: string) => { await goOn(page); await page.waitForURL(`**/reports/new/${step}`); if (step !== 'check') await expect(line(page)).toContainText(code) }
  await next('place')
  await expect(page.getByText('已按预警选好了')).toHaveCount(alert.communityIds.length === 1 ? 1 : 0)
  if (alert.communityIds.length !== 1) await page.getByRole('combobox').selectOption('PA-01')
  await next('when')
  await page.getByRole('radio', { name: '只知道大概' }).check()
  await page.getByLabel('大概什么时候').fill('今天上午')
  await next('details')
  await page.getByLabel('请您讲讲经过').fill('我也接到了这个电话。')
  for (const group of await page.locator('fieldset:not(:has(legend .muted))').all()) await group.locator('input').first().check()
  await next('files')
  await next('contact')
  await page.getByRole('radio', { name: '匿名', exact: true }).check()
  await next('check')
  await expect(page.getByRole('definition').filter({ hasText: code })).toContainText(alert.texts.zh.headline)
  const filed = await send(page)
  await track(page, filed)
  await page.getByText('您写的内容').click()
  await expect(page.getByRole('definition').filter({ hasText: code })).toBeVisible()

  const desk = await (await browser.newContext({ baseURL })).newPage()
  await desk.request.post('/api/session', { data: { email: 'chief@demo.linli', password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })
  const opened = await (await desk.request.get(`/api/desk/reports/${filed.reference}`)).json() as { content: { alert?: string, description: string }, about: unknown }
  expect(opened.about).toMatchObject({ identifier: alert.identifier, headline: { zh: alert.texts.zh.headline } })
  expect(opened.content).toMatchObject({ alert: alert.identifier, description: '我也接到了这个电话。' })
  await desk.context().close()
})

test('danger comes first; the alert is kept on the way round by the numbers', async ({ page }) => {
  const { identifier } = await scam(page)
  await page.goto(`/zh/reports/new?alert=${identifier}`)
  await page.getByRole('button', { name: '有，现在就有危险' }).click()
  await expect(page).toHaveURL('/zh/reports/new/danger')
  await page.locator('main a.button').click()
  await expect(line(page)).toContainText(identifier.slice(4))
})

test('an alert that nobody knows is ignored quietly', async ({ page }) => {
  for (const typed of ['LLA-ZZZZ-ZZZZ', 'x', encodeURIComponent('<b>'.repeat(200)), '%E0%A4%A', '']) {
    expect((await page.goto(`/zh/reports/new?alert=${typed}`))?.status(), typed).toBe(200)
    await expect(line(page)).toHaveCount(0)
  }
  await page.goto('/zh/reports/new?alert=LLA-ZZZZ-ZZZZ')
  await page.getByRole('button', { name: '没有，我要反映情况' }).click()
  await expect(page).toHaveURL('/zh/reports/new/category')
  await expect(line(page)).toHaveCount(0)
  await expect(page.locator('[name=category]:checked')).toHaveCount(0)
})

test('"I know something" on the page of an alert goes on in the form, about it', async ({ page }) => {
  const { identifier } = await scam(page)
  await page.goto(`/zh/alerts/${identifier}`)
  await page.getByRole('button', { name: '我有线索' }).click()
  await expect(page).toHaveURL('/zh/reports/new/category')
  await expect(line(page)).toContainText(identifier.slice(4))
})
