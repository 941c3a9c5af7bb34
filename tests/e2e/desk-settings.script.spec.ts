import { expect, test, type Browser, type Page } from '@playwright/test'
import { join } from 'node:path'

test.use({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })

async function deskOf(browser: Browser, account: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}
const files = join(import.meta.dirname, '../unit/shared/communities/files')
const said = (page: Page, text: string) => expect(page.getByText(text, { exact: true }).first()).toBeVisible()

test('the station: a wrong number is named, a right one stands on public pages at once, and is taken back', async ({ browser }) => {
  const admin = await deskOf(browser, 'admin')
  await admin.goto('/en/desk/settings')
  await admin.getByLabel('Use our own numbers').check()
  await admin.getByLabel('Ambulance').fill('call us')
  await admin.getByRole('button', { name: 'Save' }).click()
  await expect(admin.getByLabel('Ambulance')).toHaveAttribute('aria-invalid', 'true')
  await said(admin, 'Digits only, 2 to 15 of them')

  await admin.getByLabel('Ambulance').fill('12099')
  await admin.getByRole('button', { name: 'Save' }).click()
  await said(admin, 'Saved')
  const guest = await (await browser.newContext()).newPage()
  await guest.goto('/en')
  await expect(guest.getByText('12099').first()).toBeVisible()

  await admin.getByRole('button', { name: 'Undo' }).click()
  await said(admin, 'Put back as it was')
  await guest.goto('/en')
  await expect(guest.getByText('12099')).toHaveCount(0)
  await guest.context().close()
  await admin.context().close()
})

test('the issuer code: fourteen digits or none, and then in the file of GB/T 35965', async ({ browser }) => {
  const chief = await deskOf(browser, 'chief')
  await chief.goto('/en/desk/settings')
  const code = chief.getByLabel('Issuer code for alerts')
  await code.fill('4403')
  await chief.getByRole('button', { name: 'Save' }).click()
  await expect(code).toHaveAttribute('aria-invalid', 'true')

  await code.fill('44030441300000')
  await chief.getByRole('button', { name: 'Save' }).click()
  await said(chief, 'Saved')
  const { communities } = await (await chief.request.get('/api/desk/reference')).json() as { communities: { id: string }[] }
  const post = async (path: string, data: object) => chief.request.post(`/api/desk/alerts${path}`, { data, headers: { 'sec-fetch-site': 'same-origin' } })
  const { alert } = await (await post('', {
    kind: 'notice', event: 'road_closure', urgency: 'Expected', severity: 'Minor', certainty: 'Likely', expires: new Date(Date.now() + 3_600_000).toISOString(), isExercise: true,
    texts: { zh: { headline: '学府路封闭', description: '请绕行。' } }, areas: [{ kind: 'community', community: communities[0]?.id }],
  })).json() as { alert: { identifier: string } }
  for (const act of ['submit', 'publish']) expect((await post(`/${alert.identifier}/${act}`, {})).status()).toBe(200)
  expect(await (await chief.request.get(`/feeds/alerts/${alert.identifier}.gbt.xml`)).text()).toContain('<senderCode>44030441300000</senderCode>')

  await chief.getByRole('button', { name: 'Undo' }).click()
  await said(chief, 'Put back as it was')
  await chief.context().close()
})

test('the map: problems are told with their place, a good file is looked at, saved and taken back', async ({ browser }) => {
  const chief = await deskOf(browser, 'chief')
  await chief.goto('/en/desk/settings?section=areas')
  await expect(chief.getByRole('img', { name: /Map of the grids: new 0, changed 0, gone 0/ })).toBeVisible()
  await chief.getByLabel('Choose a file').setInputFiles(join(files, 'overlapping-grids.geojson'))
  await expect(chief.getByText(/The grids DM-01 and DM-02 overlap by [\d,]+ m²/)).toBeVisible()
  await expect(chief.getByRole('img', { name: /new 2, changed 0, gone 0, problems 1/ })).toBeVisible()
  await expect(chief.getByRole('button', { name: 'Save to the map' })).toHaveCount(0)

  const download = await chief.context().request.get('/api/desk/communities/settings/areas/linli-areas.geojson')
  const areas = (await download.text()).replace('"Hexie Grid 7 · Startup Park"', '"Hexie Grid 7 · Old Station"')
  await chief.getByLabel('Choose a file').setInputFiles({ name: 'hexie.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(areas) })
  await expect(chief.getByRole('row').filter({ hasText: 'HX-07' })).toContainText('changed')
  await chief.getByRole('button', { name: 'Save to the map' }).click()
  await said(chief, 'Saved')
  const guest = await (await browser.newContext()).newPage()
  await guest.goto('/en/communities/he-xie')
  await expect(guest.getByText('Old Station').first()).toBeVisible()

  await chief.goto('/en/desk/settings?section=changes')
  const change = chief.getByRole('article').filter({ hasText: '1 changed: HX-07' }).first()
  await change.getByRole('button', { name: /^Put it back as it was/ }).click()
  await said(chief, 'Put back as it was')
  await guest.goto('/en/communities/he-xie')
  await expect(guest.getByText('Startup Park').first()).toBeVisible()
  await guest.context().close()
  await chief.context().close()
})

test('a kind of matter and a prepared sentence are made with what belongs to them', async ({ browser }) => {
  const chief = await deskOf(browser, 'chief')
  const mark = Math.random().toString(36).replace(/[^a-z]/g, '').slice(0, 6)
  await chief.goto('/en/desk/settings?section=categories')
  await chief.getByRole('button', { name: 'New kind of matter' }).click()
  const form = chief.getByRole('region', { name: 'New kind of matter' })
  const fill = async (label: string, text: string) => {
    await form.getByRole('textbox', { name: `Chinese: ${label}`, exact: true }).fill(text)
    await form.getByRole('textbox', { name: `English: ${label}`, exact: true }).fill(text)
  }
  await fill('Name', `Lost dogs ${mark}`)
  await fill('In a few words', 'A dog ran away')
  await fill('Advice for residents', 'Keep calm and look round the corner.')
  await form.getByLabel('Residents can choose it').uncheck()
  await form.getByRole('button', { name: 'Add a question' }).click()
  await fill('Question', 'How large is it?')
  await form.getByLabel('How to answer').selectOption('single')
  await form.getByRole('button', { name: 'Add a choice' }).click()
  await fill('Choice 1', 'Small')
  await form.getByRole('button', { name: 'Save' }).click()
  await said(chief, 'Saved')
  await chief.getByRole('button', { name: `Change: Lost dogs ${mark}` }).click()
  await expect(chief.getByRole('textbox', { name: 'English: Choice 1', exact: true })).toHaveValue('Small')
  await expect(chief.getByLabel('How to answer')).toBeDisabled()

  await chief.getByRole('link', { name: 'Prepared sentences' }).click()
  await chief.getByRole('button', { name: 'New sentence' }).click()
  const sentence = chief.getByRole('region', { name: 'New sentence' })
  await sentence.getByRole('textbox', { name: 'Chinese: Name', exact: true }).fill(`请来所 ${mark}`)
  await sentence.getByRole('textbox', { name: 'English: Name', exact: true }).fill(`Come by ${mark}`)
  await sentence.getByRole('textbox', { name: 'Chinese: Sentence', exact: true }).fill('请于【日期】来所。')
  await sentence.getByRole('textbox', { name: 'English: Sentence', exact: true }).fill('Please come by.')
  await expect(sentence.getByText('Both languages need the same number of blanks')).toBeVisible()
  await sentence.getByRole('textbox', { name: 'English: Sentence', exact: true }).fill('Please come on [day].')
  await expect(sentence.getByText('Blanks to fill in: 1')).toBeVisible()
  await sentence.getByRole('button', { name: 'Save' }).click()
  await said(chief, 'Saved')
  await expect(chief.getByRole('article').filter({ hasText: `Come by ${mark}` })).toBeVisible()
  await chief.context().close()

  const auditor = await deskOf(browser, 'auditor')
  await auditor.goto('/en/desk/settings')
  await expect(auditor.getByRole('link', { name: 'Changes' })).toBeVisible()
  await expect(auditor.getByRole('link', { name: 'Prepared sentences' })).toHaveCount(0)
  await expect(auditor.getByRole('article').filter({ hasText: `Come by ${mark}` })).toContainText('Please come on [day].')
  await expect(auditor.getByRole('button', { name: /^Put it back as it was/ })).toHaveCount(0)
  await auditor.context().close()

  const officer = await deskOf(browser, 'officer')
  await officer.goto('/en/desk/settings')
  await expect(officer.getByText('Settings are kept by the station leader and the administrator.')).toBeVisible()
  await officer.context().close()
})
