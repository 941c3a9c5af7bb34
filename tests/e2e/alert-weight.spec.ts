import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import { budgets, weighPage, type Weight } from '../bench/weigh-pages.ts'

test('no page about alerts, and none that shows some, is heavier than its budget', async ({ page, context, baseURL, javaScriptEnabled }, { project }) => {
  test.setTimeout(120_000)
  const { alerts } = await (await page.request.get('/api/alerts')).json() as { alerts: { identifier: string, texts: { zh: { headline: string } } }[] }
  const address = `weight-${project.name}-${randomUUID().slice(0, 8)}@example.com`
  await page.request.post('/api/subscriptions', { data: { channel: 'email', locale: 'zh', address } })
  const { mails } = await (await page.request.get('/api/desk/mailbox')).json() as { mails: { to: string, body: string }[] }
  const confirm = mails.find(({ to }) => to === address)?.body.match(/\/zh\/alerts\/confirm\/[\w-]+/)?.[0] ?? ''
  expect(alerts.length).toBeGreaterThanOrEqual(4)
  expect(confirm).not.toBe('')
  const weights: Weight[] = []
  const weigh = async (paths: string[]) => { for (const path of paths) weights.push(await weighPage(context, `${baseURL}${path}`)) }

  await weigh(['zh', 'en'].flatMap(locale => [`/${locale}`, `/${locale}/alerts`, `/${locale}/alerts/subscribe`, `/${locale}/alerts/check`, ...alerts.slice(0, 4).flatMap(({ identifier }) => [`/${locale}/alerts/${identifier}`, `/${locale}/alerts/${identifier}/poster`])]))
  await weigh(['/zh/communities/ping-an', '/zh/communities/chang-le', '/zh/communities/he-xie', confirm, confirm.replace('/zh/', '/en/'), `/zh/reports/new?alert=${alerts[0]!.identifier}`])
  await page.goto(confirm)
  await page.getByRole('button', { name: '确认' }).click()
  await page.waitForURL('**/subscriptions/*')
  const settings = new URL(page.url()).pathname
  await weigh([settings, settings.replace('/zh/', '/en/')])

  expect(weights.filter(({ bytes }) => bytes > budgets.anyPage)).toEqual([])
  expect(weights.filter(({ scriptBytes }) => scriptBytes > budgets.scripts)).toEqual([])
  if (javaScriptEnabled === false) expect(weights.filter(({ requests }) => requests > budgets.requestsWithoutScript)).toEqual([])
})
