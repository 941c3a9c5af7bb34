import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { aBallotPass, aVerifiedResident, newPassword } from '../arrange-rating.ts'
import { answerByBallot, closeSurvey, openSurvey } from '../arrange-survey.ts'
import { rawPool } from '../bench/station.ts'
import { budgets, weighPage } from '../bench/weigh-pages.ts'
import type { Portal } from '../portal.ts'

const portal = { url: process.env.LINLI_E2E_URL ?? '', dataDir: process.env.LINLI_E2E_DATA_DIR ?? '', supabaseUrl: process.env.LINLI_E2E_SUPABASE_URL ?? '', keys: { publishableKey: '', secretKey: process.env.LINLI_E2E_SECRET_KEY ?? '' } } as Portal
/** A page on which a ballot is made may weigh more (RULES J). */
const ballotScripts = 20 * 1024

async function aPhone(browser: Browser, script: boolean, email?: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, baseURL: portal.url, javaScriptEnabled: script, locale: 'en-GB' })
  if (email) expect((await context.request.post('/api/session', { data: { email, password: newPassword }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}
async function kept(survey: string) {
  const pool = rawPool(portal, 1)
  const { rows } = await pool.query<{ source: string, slug: string | null, answers: Record<string, unknown> }>('select r.source, c.slug, r.answers from private.survey_responses r left join public.communities c on c.id = r.community_id where r.survey_id = $1', [survey])
  await pool.end()
  return rows
}
const next = (page: Page, name = 'Next') => page.getByRole('button', { name, exact: true }).click()

test('lin answers a branching survey with her ballot, goes back and takes the other way', async ({ browser }, { project }) => {
  test.setTimeout(120_000)
  const script = project.use.javaScriptEnabled !== false
  const survey = await openSurvey(portal)
  const page = await aPhone(browser, script, await aVerifiedResident(portal))
  await page.goto('/en/surveys')
  await page.locator(`a[href$="${survey}"]`).click()
  await expect(page.getByRole('main')).toContainText('You have a ballot')
  if (script) expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])

  await next(page, 'Begin')
  await next(page)
  await expect(page.getByRole('alert'), 'this one is required').toContainText('Please answer this question')
  await page.getByLabel('Safe', { exact: true }).check()
  await next(page)
  await expect(page.getByRole('group', { name: 'How satisfied are you?' }), 'safe: the worries are left out').toBeVisible()
  await next(page, 'Back')
  await expect(page.getByLabel('Safe', { exact: true }), 'still chosen').toBeChecked()
  await page.getByLabel('Not safe').check()
  await next(page)
  await page.getByLabel('Dark corners').check()
  await page.getByLabel('None of these').check()
  await next(page)
  await expect(page.getByRole('alert')).toContainText('cannot stand beside another choice')
  await page.getByLabel('None of these').uncheck()
  await next(page)
  await page.getByRole('group', { name: 'The park' }).getByLabel('Bad').check()
  await next(page)
  await page.getByLabel('4', { exact: true }).check()
  await next(page)
  await page.getByLabel('How old are you?').fill('34')
  await next(page)
  await page.getByLabel('Anything else?').fill('More lamps')
  await next(page)
  await expect(page.getByRole('heading', { name: 'Check your answers' })).toBeVisible()
  for (const line of ['Not safe', 'Dark corners', 'The park: Bad', '34', 'More lamps']) await expect(page.getByRole('definition').filter({ hasText: line }).first()).toBeVisible()
  if (script) expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  else await expect(page.getByText('No script runs here.', { exact: false })).toBeVisible()

  const sent: { url: string, cookie: string | undefined }[] = []
  page.on('request', request => request.url().includes('/api/') && void request.allHeaders().then(headers => sent.push({ url: new URL(request.url()).pathname, cookie: headers.cookie })))
  await next(page, 'Cast my ballot')
  await expect(page.getByRole('main')).toContainText('Your ballot is counted. Thank you.', { timeout: 60_000 })
  expect(await kept(survey)).toEqual([{ source: 'ballot', slug: 'ping-an', answers: { night: 'no', worries: ['dark'], places: { park: 'bad' }, often: 4, age: 34 } }])
  if (script) {
    expect(sent.map(({ url, cookie }) => [url, cookie !== undefined])).toEqual([['/api/ratings/ballots', true], [`/api/surveys/${survey}/responses`, false]])
    expect(await page.evaluate(() => Object.keys(localStorage)), 'nothing is left on the phone').toEqual([])
  }
  await page.context().close()
})

test('mei opens the link that the bot sent and answers by ballot without signing in', async ({ browser }, { project }) => {
  test.setTimeout(120_000)
  const script = project.use.javaScriptEnabled !== false
  const [survey, page] = [await openSurvey(portal), await aPhone(browser, script)]
  await page.goto(`/en/surveys/${survey}?pass=${await aBallotPass(portal, await aVerifiedResident(portal))}`)
  await expect(page.getByRole('main')).toContainText('You have a ballot')
  const sent: string[] = []
  page.on('request', request => request.url().includes('/api/') && void request.allHeaders().then(headers => sent.push(`${new URL(request.url()).pathname} ${request.url().includes('pass=') || headers.referer?.includes('pass=') ? 'with the pass' : 'alone'}`)))

  await next(page, 'Begin')
  await page.getByLabel('Safe', { exact: true }).check()
  await next(page)
  await next(page, 'Stop here')
  await next(page, 'Cast my ballot')

  await expect(page.getByRole('main')).toContainText('Your ballot is counted. Thank you.', { timeout: 60_000 })
  expect(page.url()).not.toContain('pass=')
  expect((await kept(survey)).map(({ source, slug }) => [source, slug])).toEqual([['ballot', 'ping-an']])
  if (script) expect(sent).toEqual(['/api/ratings/ballots with the pass', `/api/surveys/${survey}/responses alone`])
  await page.context().close()
})

test('zhou, who reads Chinese only, answers by the link of his letter, once, and stops halfway', async ({ browser }, { project }) => {
  const script = project.use.javaScriptEnabled !== false
  const link = `zhou${script ? 'a' : 'b'}`.padEnd(26, '3')
  const survey = await openSurvey(portal, { mode: 'invited', links: [link] })
  const page = await aPhone(browser, script)
  await page.goto(`/zh/surveys/${survey}?link=${link}`)
  await expect(page.getByRole('main')).toContainText('您收到了邀请')
  await next(page, '开始')
  await page.getByLabel('不安全').check()
  await next(page, '下一题')
  await page.getByLabel('偷盗').check()
  await next(page, '先填到这里')
  await expect(page.getByRole('main')).toContainText('不安全')
  await next(page, '提交')
  await expect(page.getByRole('main')).toContainText('您的回答已经计入，谢谢。')
  expect(await kept(survey)).toEqual([{ source: 'invited', slug: 'ping-an', answers: { night: 'no', worries: ['theft'] } }])

  await page.goto(`/surveys/${survey}?link=${link}`)
  await expect(page.getByRole('main'), 'the address on the letter names no language').toContainText('This link was used already')
  await page.context().close()
})

test('bo begins on the bus and finds his answers again; open answers say of which community they are', async ({ browser }, { project }) => {
  const script = project.use.javaScriptEnabled !== false
  const survey = await openSurvey(portal)
  const page = await aPhone(browser, script)
  await page.goto(`/en/surveys/${survey}`)
  await expect(page.getByRole('main')).toContainText('Open answers')
  await next(page, 'Begin')
  await page.getByLabel('Safe', { exact: true }).check()
  await next(page)
  if (script) {
    await page.goto(`/en/surveys/${survey}`)
    await expect(page.getByRole('group', { name: 'How satisfied are you?' }), 'where he was').toBeVisible()
    await expect(page.getByText('Your answers are kept on this phone')).toBeVisible()
  }
  for (let step = 0; step < 3; step++) await next(page)
  await page.getByLabel('Where do you live?').selectOption({ label: 'Changle' })
  await next(page, 'Send')
  await expect(page.getByRole('main')).toContainText('will be published apart')
  expect(await kept(survey)).toEqual([{ source: 'open', slug: 'chang-le', answers: { night: 'yes', often: null, age: null } }])
  if (script) expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([])
  await page.context().close()
})

test('what a survey found is shown when it is over, rounded, with too few hidden', async ({ browser }, { project }) => {
  const script = project.use.javaScriptEnabled !== false
  const survey = await openSurvey(portal)
  const page = await aPhone(browser, script)
  await page.goto(`/en/surveys/${survey}/results`)
  await expect(page.getByRole('main')).toContainText('This survey is still open.')
  await answerByBallot(portal, survey, 30)
  await closeSurvey(portal, survey)
  await page.goto(`/en/surveys/${survey}/results`)
  const night = page.getByRole('region', { name: 'Do you feel safe at night?' })
  await expect(night.getByRole('row', { name: /^Safe/ })).toContainText('67%')
  await expect(night.getByRole('row', { name: /^Safe/ })).toContainText('20 of 30')
  await expect(page.getByRole('region', { name: 'How are these places?' })).toContainText('Fewer than ten people')
  if (script) expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.context().close()
})

test('the pages of surveys are within their budgets', async ({ browser }, { project }) => {
  const script = project.use.javaScriptEnabled !== false
  const survey = await openSurvey(portal)
  const guest = await aPhone(browser, script)
  const open = await weighPage(guest.context(), `${portal.url}/zh/surveys/${survey}`)
  expect(open.scriptBytes).toBeLessThanOrEqual(budgets.scripts)
  expect(open.bytes - open.scriptBytes).toBeLessThanOrEqual(budgets.anyPage)
  await guest.context().close()

  const lin = await aPhone(browser, script, await aVerifiedResident(portal))
  const ballot = await weighPage(lin.context(), `${portal.url}/zh/surveys/${survey}`)
  expect(ballot.scriptBytes).toBeLessThanOrEqual(ballotScripts)
  expect(ballot.bytes - ballot.scriptBytes).toBeLessThanOrEqual(budgets.anyPage)
  await lin.context().close()
})
