import { expect, test, type Browser, type Page } from '@playwright/test'

test.use({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })

async function deskOf(browser: Browser, account: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}
const said = (page: Page, text: string | RegExp) => expect(page.getByText(text).first()).toBeVisible()

test('an article: looked at as residents will see it, kept without publishing, published, brought back, taken away', async ({ browser }) => {
  const lead = await deskOf(browser, 'lead')
  const guest = await (await browser.newContext()).newPage()
  const shown = async () => {
    const answer = await guest.goto('/en/safety/fireworks')
    return answer?.status() === 200 ? guest.getByRole('heading', { level: 1 }).innerText() : answer?.status()
  }
  await lead.goto('/en/desk/knowledge')
  await lead.getByLabel('Find by title').fill('firework')
  await lead.getByRole('link', { name: /firework/i }).click()
  const english = lead.getByRole('group', { name: 'English' })
  const before = await english.getByLabel('Title').inputValue()

  await english.getByLabel('Title').fill('Fireworks this year')
  await english.getByLabel('Text').fill('**Call 110.** <script>alert(1)</script>\n\nSee [dogs](/safety/dogs) and [nothing](/nowhere).')
  await lead.getByRole('button', { name: 'Preview' }).click()
  const preview = lead.getByRole('region', { name: 'As residents see it' })
  await expect(preview.getByRole('link', { name: 'dogs' })).toHaveAttribute('href', '/en/safety/dogs')
  await expect(preview.getByText('<script>alert(1)</script>')).toBeVisible()
  await said(lead, 'These links lead nowhere: /nowhere')

  await lead.getByRole('button', { name: 'Save without publishing' }).click()
  await said(lead, 'has changes that residents do not see')
  expect(await shown()).toBe(before)
  await lead.getByRole('button', { name: 'Publish version 2' }).click()
  await said(lead, 'Residents read it now')
  expect(await shown()).toBe('Fireworks this year')

  await lead.getByRole('button', { name: 'Show version 1' }).click()
  await said(lead, /You see version 1, an older one/)
  await lead.getByRole('button', { name: 'Save and publish' }).click()
  await said(lead, 'as version 1 had it')
  expect(await shown()).toBe(before)
  await lead.getByRole('button', { name: 'Take away from residents' }).click()
  await said(lead, 'residents do not see it')
  expect(await shown()).toBe(404)
  await lead.getByRole('button', { name: 'Publish version 3' }).click()
  await said(lead, 'Residents read it now')
  expect(await shown()).toBe(before)
  for (const page of [lead, guest]) await page.context().close()
})

test('an officer reads the articles and changes none', async ({ browser }) => {
  const officer = await deskOf(browser, 'officer')
  await officer.goto('/en/desk/knowledge/dogs')

  await expect(officer.getByRole('group', { name: 'English' }).getByLabel('Title')).toBeDisabled()
  await expect(officer.getByRole('button', { name: 'Save and publish' })).toHaveCount(0)
  await expect(officer.getByRole('link', { name: 'New article' })).toHaveCount(0)
  await officer.context().close()
})

test('a chat that waits: counted, opened, answered, ended', async ({ browser }) => {
  const officer = await deskOf(browser, 'officer')
  await officer.goto('/en/desk/chats')
  await expect(officer.getByRole('navigation', { name: 'Views' }).getByText(/^Waiting \(\d+\)$/)).toBeVisible()
  await officer.getByRole('link', { name: /^Chat \d+$/ }).first().click()
  await said(officer, '她坐轮椅，出门不方便，能不能上门办？')
  await said(officer, 'Opening this chat was written into the log.')

  await officer.getByLabel('Answer').fill('可以，明天上午九点我上门办。')
  await officer.getByRole('button', { name: 'Send' }).click()
  await expect(officer.getByRole('region', { name: 'Since then' }).getByText('可以，明天上午九点我上门办。')).toBeVisible()
  await expect(officer.getByLabel('Answer')).toHaveValue('')
  await officer.getByRole('button', { name: 'End the chat' }).click()
  await officer.getByRole('dialog').getByRole('button', { name: 'End the chat' }).click()
  await said(officer, 'Not rated.')

  const chief = await deskOf(browser, 'chief')
  const log = await (await chief.context().request.get('/api/desk/audit?limit=20')).json() as { entries: { action: string }[] }
  expect(log.entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['chat.opened', 'chat.answered', 'chat.closed']))
  for (const page of [officer, chief]) await page.context().close()
})
