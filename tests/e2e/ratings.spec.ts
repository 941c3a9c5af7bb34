import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { aBallotPass, aVerifiedResident, newPassword, openRatingRound } from '../arrange-rating.ts'
import { rawPool } from '../bench/station.ts'
import { budgets, weighPage } from '../bench/weigh-pages.ts'
import type { Portal } from '../portal.ts'

const portal = { url: process.env.LINLI_E2E_URL ?? '', dataDir: process.env.LINLI_E2E_DATA_DIR ?? '', supabaseUrl: process.env.LINLI_E2E_SUPABASE_URL ?? '', keys: { publishableKey: '', secretKey: process.env.LINLI_E2E_SECRET_KEY ?? '' } } as Portal
/** The page of a rating may weigh more: the ballot is made there (RULES J). */
const scriptBudget = 20 * 1024

async function aPhone(browser: Browser, script: boolean, email?: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, baseURL: portal.url, javaScriptEnabled: script, locale: 'en-GB' })
  if (email) expect((await context.request.post('/api/session', { data: { email, password: newPassword }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}
async function rate(page: Page, satisfied: string) {
  await page.getByRole('group', { name: 'Do you know this officer?' }).getByLabel('Yes').check()
  await page.getByRole('group', { name: 'How satisfied are you' }).getByLabel(satisfied, { exact: true }).check()
}
/** What is kept of Ping'an: how it was counted and the grade. */
async function kept(): Promise<string[]> {
  const pool = rawPool(portal, 1)
  const { rows } = await pool.query<{ said: string }>('select r.source || \' \' || coalesce(r.satisfied::text, \'–\') as said from private.ratings r join private.rating_subjects s on s.id = r.subject_id join public.communities c on c.id = s.community_id where c.slug = \'ping-an\'')
  await pool.end()
  return rows.map(({ said }) => said)
}

test.beforeAll(() => openRatingRound(portal))

test('lin casts her ballot on her phone; another try says that it was used, and the page says why nobody sees whose it is', async ({ browser }, { project }) => {
  test.setTimeout(120_000)
  const script = project.use.javaScriptEnabled !== false
  const page = await aPhone(browser, script, await aVerifiedResident(portal))
  await page.goto('/en/ratings')
  await page.getByRole('link', { name: 'Ping\'an' }).click()
  await expect(page.getByRole('main')).toContainText('You have a ballot')
  await page.getByText('Why nobody can see who said what', { exact: true }).click()
  await expect(page.getByText('The station knows its stamp, but not whose ballot it is.', { exact: false })).toBeVisible()
  if (script) await expect(page.getByText('No script runs here.', { exact: false })).toHaveCount(0)
  if (script) expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  else await expect(page.getByText('No script runs here.', { exact: false })).toBeVisible()
  await page.getByRole('button', { name: 'Cast my ballot' }).click()
  await expect(page.getByRole('alert'), 'nothing was said yet').toContainText('Do you know this officer?')

  // Both projects may run at once: each has a grade of its own.
  const [grade, mark] = script ? ['Not very satisfied', 'ballot 2'] : ['Neither', 'ballot 3']
  const before = (await kept()).filter(said => said === mark).length
  const sent: { url: string, cookie: string | undefined }[] = []
  page.on('request', request => request.url().includes('/api/ratings') && void request.allHeaders().then(headers => sent.push({ url: new URL(request.url()).pathname, cookie: headers.cookie })))
  await rate(page, grade)
  await page.getByRole('button', { name: 'Cast my ballot' }).click()
  if (script) await expect(page.getByRole('alert'), 'what was missing is said').toHaveCount(0)
  await expect(page.getByRole('main')).toContainText('Your ballot is counted. Thank you.', { timeout: 60_000 })
  expect((await kept()).filter(said => said === mark)).toHaveLength(before + 1)
  if (script) {
    expect(sent.map(({ url, cookie }) => [url, cookie !== undefined])).toEqual([['/api/ratings/ballots', true], ['/api/ratings', false]])
    expect(await page.evaluate(() => Object.keys(localStorage).filter(name => name.includes('ballot')))).toEqual([])
  }

  await page.goto('/en/ratings?community=ping-an')
  await expect(page.getByRole('main')).toContainText('Your ballot was drawn.')
  await rate(page, 'Satisfied')
  await page.getByRole('button', { name: 'Cast my ballot' }).click()
  await expect(page.getByRole('main')).toContainText('Your ballot of this round was drawn already.', { timeout: 30_000 })
  expect((await kept()).filter(said => said === mark)).toHaveLength(before + 1)
  await page.context().close()
})

test('mei opens the link that the bot sent and casts her ballot without signing in; on another phone it is used', async ({ browser }, { project }) => {
  test.setTimeout(120_000)
  const script = project.use.javaScriptEnabled !== false
  const page = await aPhone(browser, script)
  const link = `/en/ratings?community=ping-an&pass=${await aBallotPass(portal, await aVerifiedResident(portal))}`
  await page.goto(link)
  await expect(page.getByRole('main')).toContainText('You have a ballot')
  const [grade, mark] = script ? ['Not at all', 'ballot 1'] : ['Very satisfied', 'ballot 5']
  const before = (await kept()).filter(said => said === mark).length
  const sent: string[] = []
  page.on('request', request => request.url().includes('/api/ratings') && void request.allHeaders().then(headers => sent.push(`${new URL(request.url()).pathname} ${request.url().includes('pass=') || headers.referer?.includes('pass=') ? 'with the pass' : 'alone'}`)))

  await page.getByRole('button', { name: 'Cast my ballot' }).click()
  await expect(page.getByRole('alert'), 'nothing was said yet, and the ballot is still there').toContainText('Do you know this officer?')
  await rate(page, grade)
  await page.getByRole('button', { name: 'Cast my ballot' }).click()

  await expect(page.getByRole('main')).toContainText('Your ballot is counted. Thank you.', { timeout: 60_000 })
  expect(page.url()).not.toContain('pass=')
  expect((await kept()).filter(said => said === mark)).toHaveLength(before + 1)
  if (script) expect(sent).toEqual(['/api/ratings/ballots with the pass', '/api/ratings alone'])
  const another = await aPhone(browser, script)
  await another.goto(link)
  await expect(another.getByRole('main')).toContainText('Your ballot was drawn.')
  await rate(another, 'Satisfied')
  await another.getByRole('button', { name: 'Cast my ballot' }).click()
  await expect(another.getByRole('main')).toContainText('Your ballot of this round was drawn already.', { timeout: 30_000 })
  await Promise.all([page.context().close(), another.context().close()])
})

test('bo, who is no verified resident, is told that his rating is shown apart', async ({ browser }, { project }) => {
  const script = project.use.javaScriptEnabled !== false
  const page = await aPhone(browser, script)
  await page.goto('/zh/ratings?community=ping-an')
  await expect(page.getByRole('main')).toContainText('公开评价')
  await expect(page.getByRole('link', { name: '登录后投正式一票' })).toBeVisible()
  await page.getByRole('group', { name: '您认识这位社区民警吗？' }).getByLabel('不认识').check()
  await page.getByLabel('想说的话').fill('找王师傅，电话 13812345678')
  if (script) await expect(page.getByText('这里像是个人信息，请删去：', { exact: false })).toContainText('13812345678')
  await page.getByLabel('想说的话').fill('')
  await expect(page.getByText('这里像是个人信息，请删去：', { exact: false })).toHaveCount(0)
  await expect(page.getByText('请不要写姓名、电话、门牌', { exact: false }), 'said without script, too').toBeVisible()
  await page.getByRole('button', { name: '提交评价' }).click()
  await expect(page.getByRole('main')).toContainText('您的评价已收到，会与正式结果分开公布。')
  expect((await kept()).filter(said => said === 'open –').length).toBeGreaterThan(0)

  const loaded: string[] = []
  page.context().on('request', request => request.url().includes('/_enhance/') && void loaded.push(new URL(request.url()).pathname.split('/').at(-1)?.split('.')[0] ?? ''))
  const { bytes, scriptBytes } = await weighPage(page.context(), `${portal.url}/zh/ratings?community=ping-an`)
  expect(bytes).toBeLessThanOrEqual(budgets.anyPage)
  // No ballot is made here: the one script is the warning about personal data.
  expect(loaded).toEqual(script ? ['personal-data'] : [])
  expect(scriptBytes).toBeLessThanOrEqual(script ? 1536 : 0)
  await page.context().close()
})

test('the page on which a ballot is made is within its budget', async ({ browser }, { project }) => {
  const page = await aPhone(browser, project.use.javaScriptEnabled !== false, await aVerifiedResident(portal))

  const { bytes, scriptBytes } = await weighPage(page.context(), `${portal.url}/en/ratings?community=ping-an`)

  expect(scriptBytes).toBeLessThanOrEqual(scriptBudget)
  expect(bytes - scriptBytes).toBeLessThanOrEqual(budgets.anyPage)
  await page.context().close()
})
