import { expect, test } from '@playwright/test'
import { budgets, weighPage } from '../bench/weigh-pages.ts'

test('no page of the desk is heavier than its budget', async ({ browser, baseURL }) => {
  test.setTimeout(180_000)
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } })
  expect((await context.request.post('/api/session', { data: { email: 'chief@demo.linli', password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  const weights = []
  for (const name of ['', '/revisits', '/calendar', '/people', '/messages', '/retention', '/figures', '/notices', '/verification', '/audit', '/chats', '/knowledge', '/knowledge/dogs', '/alerts', '/alerts/new', '/alerts/templates', '/patrols']) {
    const weight = await weighPage(context, `${baseURL}/en/desk${name}`)
    expect(weight.path, 'the chief may open it').toBe(`/en/desk${name}`)
    weights.push(weight)
  }

  expect(weights.filter(({ bytes }) => bytes > budgets.deskPage)).toEqual([])
  expect(weights.filter(({ requests }) => requests > budgets.deskRequests)).toEqual([])
  await context.close()
})
