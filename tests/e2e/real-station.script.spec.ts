// The story of a station that moves in: set up by flags behind a proxy that ends TLS, its own communities and people, a report on the web
// and one at the counter. Nothing of the demo is in it, before or after.
import { expect, test, type Browser, type Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettingsFile } from '../../scripts/bootstrap/settings-file.mjs'
import { freePort } from '../../supabase/embedded/free-port.ts'
import { startPortal, type Portal } from '../portal.ts'
import { everyRow, marksIn, openDatabaseOf } from '../setup/demo-marks.ts'
import { aStationPlace, hillStreet, runSetup, type StationPlace } from '../setup/station.ts'
import { openSmtpSink, type SmtpSink } from '../smtp-sink.ts'
import { codeOf } from '../staff-member.ts'
import { openTlsProxy } from '../tls-proxy.ts'
import { fillReport, send, track } from './report-pages.ts'

// A page that does not show what is awaited is told by its step, not by the end of the whole story.
test.use({ actionTimeout: 15_000 })

const areas = join(import.meta.dirname, '../../docs/examples/two-communities.geojson')
const password = 'lantern orchid seventy-three river'
const colleagues = [
  { role: 'lead', zh: '孙岭', en: 'Sun Ling', email: 'sun@hill.example', badge: '100003' },
  { role: 'officer', zh: '李河', en: 'Li He', email: 'li@hill.example', badge: '100004' },
  { role: 'officer', zh: '周舟', en: 'Zhou Zhou', email: 'zhou@hill.example', badge: '100005' },
]

let place: StationPlace, mail: SmtpSink, portal: Portal, proxy: Awaited<ReturnType<typeof openTlsProxy>>, links: string[]

test.beforeAll(async () => {
  test.setTimeout(240_000)
  place = await aStationPlace(mkdtempSync(join(tmpdir(), 'linli-station-')))
  mail = await openSmtpSink()
  const tlsPort = await freePort()
  const { code, output } = await runSetup(place, { ...hillStreet, 'language': 'en', 'public-url': `https://localhost:${tlsPort}`, 'smtp-url': mail.url })
  expect(code, output).toBe(0)
  links = output.match(/https:\/\/localhost:\d+\/en\/desk\/invitation\/[\w-]+/g) ?? []
  const { PORT: _port, SUPABASE_PORT: _api, LINLI_DATA_DIR: dataDir = '', ...env } = readSettingsFile(place.settings) ?? {}
  // RULES F1: the embedded API has no port at all.
  portal = await startPortal({ env: { ...env, SUPABASE_PORT: 'off' }, dataDir })
  proxy = await openTlsProxy(tlsPort, portal.url)
})
test.afterAll(async () => {
  await proxy?.close()
  await portal?.stop()
  await mail?.close()
  rmSync(place.folder, { recursive: true, force: true })
})

const aBrowser = async (browser: Browser, locale = 'en-GB') => (await browser.newContext({ ignoreHTTPSErrors: true, baseURL: proxy.url, locale, viewport: { width: 1440, height: 900 } })).newPage()

/** Opens the link of an invitation, joins, and sets the second factor up. */
async function joinBy(browser: Browser, link: string): Promise<Page> {
  const page = await aBrowser(browser)
  await page.goto(link)
  await page.getByLabel('Your password').fill(password)
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page).toHaveURL(/\/en\/desk\/second-factor/)
  await page.getByRole('button', { name: 'Show the QR code' }).click()
  await page.getByLabel('First code').fill(codeOf(await page.getByTestId('secret').innerText()))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByLabel('I have kept them').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page).toHaveURL(/\/en\/desk$/)
  return page
}

/** The link in the newest mail to somebody. */
async function linkTo(address: string): Promise<string> {
  // Quoted-printable breaks lines in the middle of a link.
  const words = () => mail.accepted.filter(({ to }) => to === address).at(-1)?.text.replaceAll('=\r\n', '') ?? ''
  await expect.poll(words, { timeout: 30_000 }).toContain('/desk/invitation/')
  return /https:\/\/\S+\/desk\/invitation\/[\w-]+/.exec(words())?.[0] ?? ''
}

test('a station moves in: communities, people with a second factor, a report on the web, another at the counter', async ({ browser }) => {
  test.setTimeout(300_000)
  const [chiefLink = '', adminLink = ''] = links
  const chief = await joinBy(browser, chiefLink)
  const admin = await joinBy(browser, adminLink)

  // RULES F3: behind TLS every cookie is bound to this host and to TLS, and no script reads it.
  const cookies = await chief.context().cookies()
  expect(cookies.filter(({ name }) => name.startsWith('__Host-linli-session')).length).toBeGreaterThan(0)
  expect(cookies.filter(({ secure }) => !secure)).toEqual([])
  const [plain, secure] = [await fetch(`${portal.url}/en`), await chief.context().request.get('/en')]
  expect([plain.status, secure.headers()['strict-transport-security']]).toEqual([200, expect.stringMatching(/max-age=\d{7,}/)])
  expect((await chief.context().request.post('/api/session', { data: {}, headers: { 'sec-fetch-site': '', 'origin': portal.url } })).status(), 'the address without TLS is another site').toBe(403)

  await chief.goto('/en/desk/settings?section=areas')
  await chief.getByLabel('Choose a file').setInputFiles(areas)
  const looked = chief.getByLabel('I have looked at each point')
  await expect(chief.getByRole('heading', { name: /What we found in/ })).toBeVisible()
  if (await looked.isVisible()) await looked.check()
  await chief.getByRole('button', { name: 'Save to the map' }).click()
  await expect(chief.getByRole('heading', { name: 'Communities: 2. Grids: 4.' })).toBeVisible()

  await admin.goto('/en/desk/people')
  await expect(admin.getByText('The station has no auditor')).toBeVisible()
  for (const { role, zh, en, email, badge } of colleagues) {
    await admin.getByRole('button', { name: 'Invite somebody' }).click()
    const wish = admin.getByRole('dialog')
    await wish.getByLabel('Email').fill(email)
    await wish.getByLabel('Name in Chinese').fill(zh)
    await wish.getByLabel('Name in Latin letters').fill(en)
    await wish.getByLabel('Badge number').fill(badge)
    await wish.getByLabel('Role').selectOption(role)
    await wish.getByLabel('Language of the mail').selectOption('en')
    await wish.getByLabel('Reason').fill('belongs to the station')
    await wish.getByRole('button', { name: 'Propose' }).click()
    await expect(admin.getByRole('article').filter({ hasText: en })).toContainText('belongs to the station')
  }
  await chief.goto('/en/desk/people')
  for (const { en } of colleagues) {
    await chief.getByRole('article').filter({ hasText: `${en}:` }).getByRole('button', { name: 'Confirm' }).click()
    await expect(chief.getByRole('region', { name: 'Invited' }).getByRole('article').filter({ hasText: en })).toBeVisible()
  }
  const desks: Page[] = []
  for (const { email } of colleagues) desks.push(await joinBy(browser, await linkTo(email)))
  const [lead, officer, other] = desks
  if (!lead || !officer || !other) throw new Error('three colleagues join')

  await chief.reload()
  for (const [community, who] of [['East Gate', 'Li He'], ['West Gate', 'Zhou Zhou']] as const) {
    await chief.getByRole('button', { name: `Assign somebody: ${community}` }).click()
    const dialog = chief.getByRole('dialog')
    await dialog.getByLabel('Who').selectOption({ label: `${who}, Officer` })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(chief.getByRole('article').filter({ has: chief.getByRole('heading', { name: community }) })).toContainText(`${who} · officer`)
  }

  // A resident of East Gate, in Chinese; the officer of East Gate answers.
  const resident = await aBrowser(browser, 'zh-CN')
  await fillReport(resident, { grid: 'DM-01', description: '东门路口的灯坏了一个星期。' })
  const filed = await send(resident)
  await officer.goto(`/en/desk/reports/${filed.reference}`)
  await expect(officer.getByText('东门路口的灯坏了一个星期。')).toBeVisible()
  await officer.getByRole('button', { name: 'Take it myself' }).click()
  await officer.getByRole('button', { name: 'Accept', exact: true }).click()
  await expect(officer.getByText('State changed: Accepted', { exact: true })).toBeVisible()
  await officer.getByLabel('Letter to the reporter').fill('谢谢，明天上午来修。')
  await officer.getByRole('button', { name: 'Send letter' }).click()
  await expect(officer.getByText('Letter sent', { exact: true })).toBeVisible()
  await track(resident, filed)
  await expect(resident.getByText('谢谢，明天上午来修。')).toBeVisible()
  await other.goto(`/en/desk/reports/${filed.reference}`)
  await expect(other.getByText('东门路口的灯坏了一个星期。'), 'the officer of another community').toHaveCount(0)

  // In danger, while the roster is still empty: the sender reads it beside the number to call.
  const neighbour = await aBrowser(browser, 'zh-CN')
  await fillReport(neighbour, { grid: 'XM-01', description: '有人正在砸我家的门，救命' })
  await send(neighbour)
  const warning = neighbour.getByRole('main').getByText('现在没有民警值班')
  await expect(warning).toBeVisible()
  await expect(warning.locator('xpath=ancestor::*[.//a[@href="tel:110"]][1]'), 'in the same notice').toBeVisible()

  // Somebody at the counter.
  await lead.goto('/en/desk/intake')
  await lead.getByRole('radio', { name: 'Counter', exact: true }).check()
  await lead.getByLabel('What happened').fill('A wallet was found in the market hall.')
  await lead.getByLabel('What kind of matter').selectOption({ label: 'Something else' })
  await lead.getByLabel('Community').selectOption('xi-men')
  await lead.getByLabel('Or roughly').fill('this morning')
  await lead.getByRole('radio', { name: 'Anonymous' }).check()
  await lead.getByRole('button', { name: 'Send and make the receipt' }).click()
  const paper = lead.locator('article.desk-paper')
  await expect(paper).toContainText(/LL-[0-9A-Z]{4}-[0-9A-Z]{4}/)
  const [reference = '', receipt = ''] = (await paper.locator('.desk-paper-code').allInnerTexts()).map(text => text.trim())
  await track(resident, { reference, receipt })
  await expect(resident.getByRole('main')).toContainText(reference)

  const { sql } = openDatabaseOf(place.dataDir)
  const everything = [...(await everyRow(sql)).values()].flat().join('\n')
  await sql.end()
  expect(marksIn(everything)).toEqual([])
  expect(everything, 'texts are sealed').not.toMatch(/东门路口的灯坏了|A wallet was found/)
  expect(marksIn(portal.output())).toEqual([])
})
