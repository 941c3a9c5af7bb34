// Every page of pages/ in both languages, on phone and desktop, light and dark: axe finds nothing, the console says nothing.
// `npm test` takes each page in one variant that changes from page to page and day to day; `npm run test:full` takes all eight.
import AxeBuilder from '@axe-core/playwright'
import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { safetySurvey } from '#shared/surveys/question-bank'
import { answerByBallot, closeSurvey, openSurvey } from '../arrange-survey.ts'
import { caller, fileReport } from '../desk-caller.ts'
import { inviteSomebody } from '../invite.ts'
import { solvedChallenge } from '../solve-challenge.ts'

type Visitor = 'guest' | 'resident' | 'volunteer' | 'reporter' | 'officer' | 'chief' | 'form'

/** How to come to each page: its address after the language, and who looks. `form` pages need a draft, `reporter` pages a report. */
interface Way { path: string, as: Visitor, status?: number }
/** `also`: other states of the same page that have parts of their own. */
const pages: Record<string, Way & { also?: (Omit<Way, 'as'> & { as?: Visitor })[] }> = {
  'index': { path: '', as: 'guest' },
  'accessibility': { path: '/accessibility', as: 'guest' },
  'privacy': { path: '/privacy', as: 'guest' },
  'verify': { path: '/verify', as: 'guest', also: [{ path: '/verify?certificate=PT-0000-0000-0000' }] },
  '[...missing]': { path: '/there-is-no-such-page', as: 'guest', status: 404 },
  'knowledge/index': { path: '/safety', as: 'guest' },
  'knowledge/article': { path: '/safety/ebike-theft', as: 'guest' },
  'chat/index': { path: '/chat', as: 'guest' },
  'communities/index': { path: '/communities', as: 'guest' },
  'communities/data': { path: '/communities/data', as: 'guest' },
  'communities/figures': { path: '/communities/figures', as: 'guest' },
  'communities/[slug]': { path: '/communities/ping-an', as: 'guest' },
  'alerts/index': { path: '/alerts', as: 'guest' },
  'alerts/check': { path: '/alerts/check', as: 'guest' },
  'alerts/subscribe': { path: '/alerts/subscribe', as: 'guest' },
  'alerts/confirm/[token]': { path: `/alerts/confirm/${'a'.repeat(32)}`, as: 'guest' },
  'alerts/subscriptions/[token]': { path: '/alerts/subscriptions/{subscription}', as: 'guest' },
  'alerts/[identifier]/index': { path: '/alerts/{alert}', as: 'guest', also: [{ path: '/alerts/{alert}?answered=seen' }, { path: '/alerts/{alert}?answered=helpAlone' }, { path: '/alerts/{ended}' }] },
  'alerts/[identifier]/poster': { path: '/alerts/{alert}/poster', as: 'guest' },
  'ratings/index': { path: '/ratings', as: 'guest', also: [{ path: '/ratings?community=ping-an' }] },
  'ratings/results': { path: '/ratings/results', as: 'guest' },
  'surveys/index': { path: '/surveys', as: 'guest' },
  'surveys/[id]/index': { path: '/surveys/{survey}', as: 'guest', also: [{ path: '/surveys/{survey}?did=open' }] },
  'surveys/[id]/results': { path: '/surveys/{overSurvey}/results', as: 'guest', also: [{ path: '/surveys/{survey}/results' }] },
  'desk/surveys/index': { path: '/desk/surveys', as: 'chief' },
  'desk/surveys/[id]': { path: '/desk/surveys/{draftSurvey}', as: 'chief', also: [{ path: '/desk/surveys/{invitedSurvey}' }, { path: '/desk/surveys/{overSurvey}' }] },
  'desk/ratings': { path: '/desk/ratings', as: 'chief' },
  'patrols/index': { path: '/patrols', as: 'guest' },
  'patrols/apply': { path: '/patrols/apply', as: 'resident' },
  'patrols/certificates': { path: '/patrols/certificates', as: 'volunteer' },
  'patrols/rewards': { path: '/patrols/rewards', as: 'volunteer' },
  'patrols/checkpoints/[code]': { path: `/patrols/checkpoints/${'7'.repeat(24)}`, as: 'volunteer' },
  'patrols/rounds/[id]': { path: '/patrols/rounds/{patrol}', as: 'volunteer' },
  'patrols/me': { path: '/patrols/me', as: 'volunteer' },
  'patrols/points': { path: '/patrols/points', as: 'volunteer' },
  'patrols/shifts/[id]': { path: '/patrols/shifts/{shift}', as: 'chief' },
  'reports/new/index': { path: '/reports/new', as: 'guest' },
  'reports/new/danger': { path: '/reports/new/danger', as: 'guest' },
  'reports/new/category': { path: '/reports/new/category', as: 'form' },
  'reports/new/place': { path: '/reports/new/place', as: 'form' },
  'reports/new/when': { path: '/reports/new/when', as: 'form' },
  'reports/new/details': { path: '/reports/new/details', as: 'form' },
  'reports/new/files': { path: '/reports/new/files', as: 'form' },
  'reports/new/contact': { path: '/reports/new/contact', as: 'form' },
  'reports/new/reach': { path: '/reports/new/reach', as: 'form' },
  'reports/new/check': { path: '/reports/new/check', as: 'form' },
  'reports/new/discard': { path: '/reports/new/discard', as: 'form' },
  'reports/new/follow': { path: '/reports/new/follow', as: 'form' },
  'reports/sent': { path: '/reports/sent', as: 'form' },
  'reports/track': { path: '/reports/track', as: 'guest' },
  'reports/[reference]/index': { path: '/reports/{reference}', as: 'reporter' },
  'reports/[reference]/answer': { path: '/reports/{reference}/answer', as: 'reporter' },
  'reports/[reference]/reward': { path: '/reports/{reference}/reward', as: 'reporter' },
  'reports/[reference]/withdraw': { path: '/reports/{reference}/withdraw', as: 'reporter' },
  'reports/[reference]/close': { path: '/reports/{reference}/close', as: 'reporter' },
  'accounts/sign-in': { path: '/sign-in', as: 'guest' },
  'accounts/enter-code': { path: '/sign-in/code', as: 'guest' },
  'accounts/sign-up': { path: '/sign-up', as: 'guest' },
  'accounts/account': { path: '/account', as: 'resident' },
  'accounts/my-reports': { path: '/account/reports', as: 'resident' },
  'accounts/password': { path: '/account/password', as: 'resident' },
  'accounts/consents': { path: '/account/consents', as: 'resident' },
  'accounts/data': { path: '/account/data', as: 'resident' },
  'accounts/erase': { path: '/account/erase', as: 'resident' },
  'accounts/erased': { path: '/account/erased?detached=2&kept=1', as: 'guest' },
  'accounts/sessions': { path: '/account/sessions', as: 'resident' },
  'accounts/telegram': { path: '/account/telegram', as: 'resident' },
  'accounts/verify': { path: '/account/verify', as: 'resident' },
  'accounts/sign-out': { path: '/sign-out', as: 'resident' },
  'desk/sign-in': { path: '/desk/sign-in', as: 'guest' },
  'desk/index': { path: '/desk', as: 'officer' },
  'desk/reports/[reference]': { path: '/desk/reports/{theirs}', as: 'officer' },
  'desk/figures': { path: '/desk/figures', as: 'chief' },
  'desk/notices': { path: '/desk/notices', as: 'chief' },
  'desk/audit': { path: '/desk/audit', as: 'chief' },
  'desk/bans': { path: '/desk/bans', as: 'chief' },
  'desk/verification': { path: '/desk/verification', as: 'chief' },
  'desk/mailbox': { path: '/desk/mailbox', as: 'guest' },
  'desk/revisits': { path: '/desk/revisits', as: 'officer' },
  'desk/calendar': { path: '/desk/calendar', as: 'chief' },
  'desk/messages': { path: '/desk/messages', as: 'chief' },
  'desk/duty': { path: '/desk/duty', as: 'chief' },
  'desk/knowledge/index': { path: '/desk/knowledge', as: 'officer' },
  'desk/knowledge/[slug]': { path: '/desk/knowledge/dogs', as: 'chief' },
  'desk/knowledge/new': { path: '/desk/knowledge/new', as: 'chief' },
  'desk/alerts/index': { path: '/desk/alerts', as: 'officer', also: [{ path: '/desk/alerts?view=published' }] },
  'desk/alerts/new': { path: '/desk/alerts/new', as: 'officer' },
  // Progress and answers; then what waits for a second person, with its preview; then a draft of one's own.
  'desk/alerts/[id]': { path: '/desk/alerts/{alert}', as: 'chief', also: [{ path: '/desk/alerts/{review}' }, { path: '/desk/alerts/{draft}' }] },
  'desk/alerts/templates': { path: '/desk/alerts/templates', as: 'chief' },
  'desk/patrols': { path: '/desk/patrols', as: 'chief', also: [{ path: '/desk/patrols?tab=volunteers' }, { path: '/desk/patrols?tab=series' }, { path: '/desk/patrols?tab=points' }, { path: '/desk/patrols?tab=rewards' }, { path: '/desk/patrols?tab=planner' }, { path: '/desk/patrols?tab=routes' }, { path: '/desk/patrols?tab=review' }] },
  'desk/patrol-posters': { path: '/desk/patrol-posters', as: 'chief' },
  'desk/chat/index': { path: '/desk/chats', as: 'officer' },
  'desk/chat/[id]': { path: '/desk/chats/{chat}', as: 'chief' },
  'desk/intake': { path: '/desk/intake', as: 'officer' },
  'desk/sessions': { path: '/desk/sessions', as: 'chief' },
  'desk/second-factor': { path: '/desk/second-factor', as: 'officer' },
  'desk/unlock': { path: '/desk/unlock', as: 'officer' },
  'desk/people': { path: '/desk/people', as: 'chief' },
  'staff/invitation': { path: '/desk/invitation/{invitation}', as: 'guest' },
  'desk/retention': { path: '/desk/retention', as: 'chief' },
  'desk/settings': { path: '/desk/settings', as: 'chief', also: [{ path: '/desk/settings?section=ratings' }] },
  'messages/[token]': { path: '/messages/{token}', as: 'guest' },
}

/** The demo has an open public traffic report by the school in Xuefu Street: the form offers to follow that one. */
const gridOfTheSchool = 'PA-04'

const files = readdirSync(join(import.meta.dirname, '../../pages'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.vue')).map(file => file.replace(/\.vue$/, '')).sort()

type Variant = { locale: string, device: string, colorScheme: 'light' | 'dark' }
const variants: Variant[] = ['zh', 'en'].flatMap(locale => ['phone', 'desktop'].flatMap(device => (['light', 'dark'] as const).map(colorScheme => ({ locale, device, colorScheme }))))
const isFull = process.env.LINLI_FULL === '1'
const day = Math.floor(Date.now() / 86_400_000)
/** Visitors whose pages are looked at in one browser, so many at a time: signing in and the desk's scripts then cost once. */
const together: Partial<Record<Visitor, number>> = { guest: 4, resident: 4, officer: 3, chief: 4 }

test('every page is on the list of this walk', () => {
  expect(files.filter(file => !(file in pages)), 'Fix: say in tests/e2e/every-page.script.spec.ts how to come to it.').toEqual([])
})

/** Groups of pages with the variant that they are looked at in. */
function walks(): { names: string[], variant: Variant }[] {
  const known = files.filter(file => file in pages)
  if (isFull) return known.flatMap(file => variants.map(variant => ({ names: [file], variant })))
  const groups = Object.entries(Object.groupBy(known, file => pages[file]?.as ?? 'guest')).flatMap(([visitor, names]) => {
    const size = together[visitor as Visitor] ?? 1
    return Array.from({ length: Math.ceil(names.length / size) }, (_, index) => names.slice(index * size, (index + 1) * size))
  })
  return groups.flatMap((names, index) => [variants[(index + day) % variants.length] ?? []].flat().map(variant => ({ names, variant })))
}

// The longest file: one worker alone would be at it when all else is done.
test.describe.configure({ mode: 'parallel' })

for (const { names, variant: { locale, device, colorScheme } } of walks()) {
  test(`${names.join(', ')} in ${locale}, ${device}, ${colorScheme}: nothing for axe, nothing in the console`, async ({ browser, baseURL }) => {
    test.setTimeout(120_000)
    const context = await browser.newContext({ colorScheme, viewport: device === 'phone' ? { width: 390, height: 844 } : { width: 1280, height: 800 }, ...(baseURL && { baseURL }) })
    for (const name of names) {
      const page = pages[name]
      for (const way of page ? [page, ...page.also ?? []] : []) await test.step(`${name} ${way.path}`, () => look(context, { as: page?.as ?? 'guest', ...way }, locale, baseURL ?? ''))
    }
    await context.close()
  })
}

async function look(context: BrowserContext, page: Way, locale: string, baseURL: string) {
  const tab = await context.newPage()
  const said: string[] = []
  tab.on('console', message => said.push(message.text()))
  tab.on('pageerror', error => said.push(error.message))

  const path = await arrive(page.as, { context, tab, locale, path: page.path, baseURL })
  said.length = 0
  const answer = await tab.goto(path, { waitUntil: 'networkidle' })

  expect(answer?.status(), path).toBe(page.status ?? 200)
  expect(new URL(tab.url()).pathname, 'the page sends its visitor on').toBe(path.split('?')[0])
  await expect(tab.getByRole('heading', { level: 1 }).first()).toBeVisible()
  const { violations } = await new AxeBuilder({ page: tab }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), path).toEqual([])
  expect(said.filter(text => !(page.status === 404 && text.includes('404'))), path).toEqual([])
  await tab.close()
}

/** A survey of the walk's own in each state. */
async function surveyOf(kind: string | undefined, baseURL: string): Promise<string> {
  const portal = { dataDir: process.env.LINLI_E2E_DATA_DIR ?? '' }
  if (kind === undefined) return ''
  if (kind === 'draftSurvey') {
    const lead = await caller(baseURL, 'lead', '10.4.5.8')
    return String((await lead.call('POST', 'desk/surveys', { definition: safetySurvey })).body.id)
  }
  const id = await openSurvey(portal, kind === 'invitedSurvey' ? { mode: 'invited' } : {})
  if (kind === 'overSurvey') {
    await answerByBallot(portal, id, 30)
    await closeSurvey(portal, id)
  }
  return id
}

interface Arrival { context: BrowserContext, tab: Page, locale: string, path: string, baseURL: string }

/** Brings the visitor to where the page can be opened, and gives its address. */
async function arrive(visitor: Visitor, { context, tab, locale, path, baseURL }: Arrival): Promise<string> {
  const address = `/${locale}${path.replace(/\{\w*[sS]urvey\}/, await surveyOf(/\{(\w*[sS]urvey)\}/.exec(path)?.[1], baseURL))}`
  switch (visitor) {
    case 'guest':
      if (path === '/sign-in/code') await askForCode(tab, locale)
      if (path.includes('{invitation}')) return address.replace('{invitation}', (await inviteSomebody(baseURL)).split('/').at(-1) ?? '')
      if (path.includes('{subscription}')) return address.replace('{subscription}', await subscribeByMail(tab, baseURL))
      if (path.includes('{alert}')) return address.replace('{alert}', await currentWarning(baseURL))
      if (path.includes('{ended}')) return address.replace('{ended}', await endedWarning(baseURL))
      if (path.includes('{token}')) return address.replace('{token}', await tokenInAMail(baseURL))
      return address
    case 'resident':
    case 'volunteer':
    case 'officer':
    case 'chief': {
      // Once in a browser: the next page of the same walk finds them signed in.
      if (!(await context.cookies()).some(({ name }) => name.includes('session'))) {
        const answer = await context.request.post('/api/session', { data: { email: `${visitor}@demo.linli`, password: 'linli-demo' } })
        expect(answer.status()).toBe(204)
      }
      if (path.includes('{chat}')) {
        const { threads } = await (await context.request.get('/api/desk/chat/threads?view=closed')).json() as { threads: { id: string }[] }
        return address.replace('{chat}', threads[0]?.id ?? '')
      }
      if (path.includes('{alert}')) {
        const { alerts } = await (await context.request.get('/api/desk/alerts?state=published')).json() as { alerts: { identifier: string }[] }
        return address.replace('{alert}', alerts[0]?.identifier ?? '')
      }
      if (path.includes('{shift}')) return address.replace('{shift}', await nextShift(baseURL))
      if (path.includes('{patrol}')) {
        const { shifts } = await (await context.request.get('/api/patrols/own')).json() as { shifts: { id: string, mine: { state: string } | null, gap: string | null }[] }
        const own = shifts.find(({ mine }) => mine?.state === 'confirmed') ?? shifts.find(({ gap }) => gap === null)
        if (own && own.mine?.state !== 'confirmed') await context.request.post(`/api/patrols/shifts/${own.id}/signup`, { headers: { 'sec-fetch-site': 'same-origin' } })
        return address.replace('{patrol}', own?.id ?? '')
      }
      if (path.includes('{review}')) return address.replace('{review}', await draftAlert(baseURL, 'lead', 'orange', true))
      if (path.includes('{draft}')) return address.replace('{draft}', await draftAlert(baseURL, visitor, 'blue'))
      if (!path.includes('{theirs}')) return address
      // One of its own: a report of another test would be looked at behind its back.
      return address.replace('{theirs}', (await fileReport(baseURL)).reference)
    }
    case 'reporter': {
      const altcha = await solvedChallenge(baseURL)
      const filed = await context.request.post('/api/reports', {
        data: { category: 'traffic', community: 'ping-an', description: '路口的信号灯不亮了，早高峰很乱。', contact: { mode: 'anonymous' }, locale, altcha },
      })
      const { reference, receipt } = await filed.json() as { reference: string, receipt: string }
      await tab.goto(`/${locale}/reports/track`)
      await tab.locator('[name=reference]').fill(reference)
      await tab.locator('[name=receipt]').fill(receipt)
      await tab.locator('main form button[type=submit]').first().click()
      await tab.waitForURL(`**/reports/${reference}`)
      return address.replace('{reference}', reference)
    }
    case 'form':
      if (path.endsWith('/follow')) {
        await fillForm(tab, locale, '/reports/new/check', gridOfTheSchool)
        return await tab.locator('a[href*="/follow?"]').first().getAttribute('href') ?? address
      }
      await fillForm(tab, locale, path)
      return address
  }
}

/** Asks for alerts by mail and says yes to the mail: gives the token of the settings. */
async function subscribeByMail(tab: Page, baseURL: string): Promise<string> {
  const address = `axe-${Math.random().toString(36).slice(2)}@example.com`
  await tab.goto(`${baseURL}/zh/alerts/subscribe`)
  await tab.locator('[name=address]').fill(address)
  await tab.locator('main form button[type=submit]').first().click()
  await tab.waitForURL('**/subscribe?pending')
  const { mails } = await (await fetch(`${baseURL}/api/desk/mailbox`)).json() as { mails: { to: string, body: string }[] }
  await tab.goto(mails.find(({ to }) => to === address)?.body.match(/http\S+\/confirm\/[\w-]+/)?.[0] ?? '')
  await tab.locator('main form button[type=submit]').first().click()
  await tab.waitForURL('**/subscriptions/*')
  return new URL(tab.url()).pathname.split('/').at(-1) ?? ''
}

/** The demo's most serious one, with a chain behind it. */
async function currentWarning(baseURL: string): Promise<string> {
  const { alerts } = await (await fetch(`${baseURL}/api/alerts?kind=warning`)).json() as { alerts: { identifier: string }[] }
  return alerts[0]?.identifier ?? ''
}

/** A shift of the demo; its night before the roll is called. What comes later is looked at in patrol-night.spec.ts. */
async function nextShift(baseURL: string): Promise<string> {
  const [from, to] = [1, 20].map(days => new Date(Date.now() + days * 86_400_000).toISOString())
  const { body } = await (await caller(baseURL, 'lead')).call('GET', `desk/patrols?from=${from}&to=${to}`)
  return (body as { shifts: { id: string }[] }).shifts[0]?.id ?? ''
}

/** What an update took the place of. */
async function endedWarning(baseURL: string): Promise<string> {
  const { alerts } = await (await fetch(`${baseURL}/api/alerts`)).json() as { alerts: { references: { identifier: string }[] }[] }
  return alerts.flatMap(({ references }) => references)[0]?.identifier ?? ''
}

/** A draft of somebody's; handed in, it waits for another. */
async function draftAlert(baseURL: string, account: string, colour: string, isHandedIn = false): Promise<string> {
  const writer = await caller(baseURL, account)
  const { body } = await writer.call('POST', 'desk/alerts', {
    kind: 'warning', colour, event: 'theft', urgency: 'Expected', severity: 'Severe', certainty: 'Likely', expires: new Date(Date.now() + 6 * 3_600_000).toISOString(),
    texts: { zh: { headline: '平安里夜间防盗', description: '请锁好车。' }, en: { headline: 'Thefts at night', description: 'Please lock your bikes.' } }, areas: [{ kind: 'station' }],
  })
  const { alert: { identifier } } = body as { alert: { identifier: string } }
  if (isHandedIn) expect((await writer.call('POST', `desk/alerts/${identifier}/submit`, {})).status).toBe(200)
  return identifier
}

/** Each mail about a report leads to its recipient's settings. */
async function tokenInAMail(baseURL: string): Promise<string> {
  const { mails } = await (await fetch(`${baseURL}/api/desk/mailbox`)).json() as { mails: { body: string }[] }
  return mails.map(({ body }) => /\/messages\/(\S+)/.exec(body)?.[1]).find(Boolean) ?? ''
}

async function askForCode(tab: Page, locale: string) {
  await tab.goto(`/${locale}/sign-in`)
  // An address of its own for each: mails are limited by it.
  await tab.locator('[name=email]').first().fill(`axe-${Math.random().toString(36).slice(2)}@example.com`)
  await tab.locator('main form button').first().click()
  await tab.waitForURL('**/sign-in/code')
}

/** Answers step after step, as little as each asks, until the wanted one opens. A public category with a place offers to follow. */
async function fillForm(tab: Page, locale: string, wanted: string, grid?: string) {
  await tab.goto(`/${locale}/reports/new/category`)
  for (let step = 0; step < 12; step++) {
    const { pathname } = new URL(tab.url())
    if (pathname === `/${locale}${wanted}` || (wanted.endsWith('/discard') && step > 1)) return
    const here = pathname.split('/').at(-1)
    const mode = wanted.endsWith('/reach') ? 'named' : 'anonymous'
    if (here === 'category') await tab.locator('[name=category][value=traffic]').check()
    if (here === 'place') await tab.locator('select[name=grid]').selectOption(grid ?? { index: 1 })
    if (here === 'when') await tab.locator('main [type=radio]').first().check()
    if (here === 'details') {
      await tab.locator('textarea[name=description]').fill('路口的信号灯不亮了，早高峰很乱。')
      for (const group of await tab.locator('main fieldset:has([type=radio])').all()) await group.locator('[type=radio]').first().check()
    }
    if (here === 'contact') await tab.locator(`[name=mode][value=${mode}]`).check()
    if (here === 'follow') await tab.locator('main [type=radio]').last().check()
    await tab.locator('main form:not([action*=exit]) button:not([formaction]):not([name=remove])').last().click()
    await tab.waitForURL(url => url.pathname !== pathname)
  }
  throw new Error(`the form never came to ${wanted}; it stands at ${tab.url()}`)
}
