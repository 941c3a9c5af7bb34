import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { caller } from '../desk-caller.ts'

test.use({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', actionTimeout: 15_000 })

async function deskOf(browser: Browser, account: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}
async function expectNothingForAxe(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}
const someAddress = () => `10.${Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}.${1 + Math.floor(Math.random() * 250)}`

/** A yellow warning of the lead's for one community, published. */
async function publish(portalUrl: string, slug: string, headline: string): Promise<string> {
  const lead = await caller(portalUrl, 'lead')
  const { communities } = (await lead.call('GET', 'desk/reference')).body as { communities: { id: string, slug: string }[] }
  const { body } = await lead.call('POST', 'desk/alerts', {
    kind: 'warning', colour: 'yellow', event: 'theft', urgency: 'Expected', severity: 'Moderate', certainty: 'Likely', expires: new Date(Date.now() + 6 * 3_600_000).toISOString(),
    texts: { zh: { headline: `防盗提醒 ${headline}`, description: '请锁好车。' }, en: { headline, description: 'Please lock your bikes.' } }, areas: [{ kind: 'community', community: communities.find(known => known.slug === slug)?.id }],
  })
  const { alert: { identifier } } = body as { alert: { identifier: string } }
  for (const act of ['submit', 'publish']) expect((await lead.call('POST', `desk/alerts/${identifier}/${act}`, {})).status).toBe(200)
  return identifier
}

/** Somebody by mail, with the yes of the letter box; without a community for the whole station. @returns the token of the settings */
async function subscribe(portalUrl: string, slug?: string): Promise<string> {
  const [address, from] = [`told-${Math.random().toString(36).slice(2)}@example.com`, someAddress()]
  const guest = await caller(portalUrl, undefined, from)
  expect((await guest.call('POST', 'subscriptions', { channel: 'email', address, communities: slug ? [slug] : [], locale: 'en' })).status).toBeLessThan(300)
  let confirm: string | undefined
  await expect.poll(async () => {
    const { mails } = (await guest.call('GET', 'desk/mailbox')).body as { mails: { to: string, body: string }[] }
    confirm = mails.find(({ to }) => to === address)?.body.match(/\/en\/alerts\/confirm\/[\w-]+/)?.[0]
    return confirm
  }).toBeTruthy()
  const said = await fetch(`${portalUrl}${confirm}`, { method: 'POST', redirect: 'manual', headers: { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': from, 'content-type': 'application/x-www-form-urlencoded' }, body: '' })
  expect(said.status).toBe(303)
  return /subscriptions\/([\w-]+)/.exec(said.headers.get('location') ?? '')?.[1] ?? ''
}

test('delivery is followed while it goes out: queued, sent and failed by channel, seen by community and hidden below ten', async ({ browser, baseURL }) => {
  test.setTimeout(120_000)
  const url = String(baseURL)
  const tokens: string[] = []
  for (let n = 0; n < 12; n++) tokens.push(await subscribe(url, 'he-xie'))
  // A row of few hides the only other one as well, and other tests ask for the whole station.
  for (let n = 0; n < 10; n++) await subscribe(url)
  const few = await publish(url, 'chang-le', `Bikes in Changle ${Math.random().toString(36).slice(2, 7)}`)
  const identifier = await publish(url, 'he-xie', `Bikes in Hexie ${Math.random().toString(36).slice(2, 7)}`)
  const lead = await deskOf(browser, 'lead')
  const isProgress = /\/api\/desk\/alerts\/[^/]+\/progress(?:\?|$)/
  // While it goes out, as a slow channel would show it: nothing of the demo stays queued, and no mail fails.
  await lead.route(isProgress, async (route) => {
    const answer = await route.fetch()
    const progress = await answer.json() as { channels: object[] }
    await route.fulfill({ response: answer, json: { ...progress, channels: [...progress.channels, { channel: 'telegram', queued: 7, sent: 40, failed: 3, stopped: 1 }] } })
  })
  await lead.goto(`/en/desk/alerts/${identifier}`)
  const progress = lead.locator('section').filter({ has: lead.getByRole('heading', { name: 'How it goes out' }) })
  await expect(progress.getByRole('status')).toContainText(/Going out to \d+ people/)
  await expect(progress.getByRole('row').filter({ hasText: 'Telegram' }).getByRole('cell')).toHaveText(['Telegram', '7', '40', '3', '1'])
  await lead.unroute(isProgress)

  await expect(progress.getByRole('status')).toContainText(/^Sent\. People told: \d+/, { timeout: 20_000 })
  await expect(progress.getByRole('row').filter({ hasText: 'Telegram' })).toHaveCount(0)
  expect(Number(await progress.getByRole('row').filter({ hasText: 'E-mail' }).getByRole('cell').nth(2).innerText())).toBeGreaterThanOrEqual(22)

  for (const token of tokens) {
    const told = await caller(url, undefined, someAddress())
    expect((await told.call('POST', `alerts/${identifier}/responses`, { kind: 'seen', token, locale: 'en' })).status).toBeLessThan(300)
  }
  await expect(async () => {
    await lead.reload()
    await expect(progress.getByRole('row').filter({ hasText: 'Hexie' }).getByRole('cell').nth(2)).toHaveText('about 10', { timeout: 3000 })
  }).toPass()
  await expectNothingForAxe(lead)

  await lead.goto(`/en/desk/alerts/${few}`)
  await expect(progress.getByRole('row').filter({ hasText: 'Changle' })).toContainText('hidden')
  await lead.goto(`/en/desk/alerts/${identifier}`)

  const formats = lead.getByRole('navigation', { name: 'In other forms' })
  for (const [name, type, words] of [['CAP 1.2', 'cap+xml', '<msgType>Alert</msgType>'], ['GB/T 35965', 'xml', 'senderCode'], ['JSON', 'application/json', identifier], ['Poster to print', 'text/html', '<svg'], ['Public page', 'text/html', identifier]] as const) {
    const answer = await lead.request.get(await formats.getByRole('link', { name }).getAttribute('href') ?? '')
    expect(answer.status(), name).toBe(200)
    expect(answer.headers()['content-type'], name).toContain(type)
    expect(await answer.text(), name).toContain(words)
  }
  await lead.context().close()
})

test('a call for help is at the desk while it looks on: opened with a line in the log, added to, and seen to', async ({ browser, baseURL }) => {
  test.setTimeout(120_000)
  const url = String(baseURL)
  const identifier = await publish(url, 'ping-an', `Water in Ping'an ${Math.random().toString(36).slice(2, 7)}`)
  const officer = await deskOf(browser, 'officer')
  await officer.goto(`/en/desk/alerts/${identifier}`)
  await expect(officer.getByText('Nobody has asked for help or told us anything yet.')).toBeVisible()

  const resident = await (await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 }, extraHTTPHeaders: { 'x-forwarded-for': someAddress() } })).newPage()
  await resident.goto(`/en/alerts/${identifier}`)
  await resident.getByText('I need help', { exact: true }).click()
  await expect(resident.getByRole('link', { name: /110/ }).first()).toBeVisible()
  await resident.getByLabel(/Where you are and what you need/).fill('Building 3 flat 402, my mother cannot walk.')
  await resident.getByRole('button', { name: /I called, or I cannot call/ }).click()
  await expect(resident.getByRole('status').first()).toContainText(/officer on duty has been called|nobody is on duty/)

  // Without a reload.
  const answers = officer.locator('section').filter({ has: officer.getByRole('heading', { name: 'What people answered' }) })
  await expect(answers.getByRole('alert')).toContainText('People asking for help: 1', { timeout: 25_000 })
  await expect(answers).toContainText('Ping\'an')
  await expect(answers).not.toContainText('flat 402')
  await expectNothingForAxe(officer)
  await answers.getByRole('button', { name: 'Open the words' }).click()
  await expect(answers).toContainText('Building 3 flat 402, my mother cannot walk.')

  const list = await deskOf(browser, 'lead')
  await list.goto('/en/desk/alerts')
  await expect(list.getByRole('heading', { name: /Waiting for help: \d+/ })).toBeVisible()
  await expect(list.getByRole('link', { name: identifier })).toBeVisible()
  await list.context().close()

  await answers.getByRole('button', { name: 'Seen to' }).click()
  await expect(answers).toContainText(/seen to by Chen Zhiyuan/)
  await expect(answers.getByRole('alert')).toHaveCount(0)

  const auditor = await deskOf(browser, 'auditor')
  await auditor.goto('/en/desk/audit')
  await expect(auditor.getByRole('row').filter({ hasText: 'opened an answer to an alert' }).first()).toContainText('Chen Zhiyuan')
  for (const page of [officer, resident, auditor]) await page.context().close()
})
