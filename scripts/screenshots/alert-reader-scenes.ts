import { randomBytes, randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { signIn, type Stage } from './stage.ts'

interface Shown { identifier: string, isExercise: boolean, kind: string, references: { identifier: string }[], texts: { zh: { headline: string, description: string } } }
const current = async (page: Page, url: string) => (await (await page.request.get(`${url}/api/alerts`)).json() as { alerts: Shown[] }).alerts
const warningOf = (alerts: Shown[]) => alerts.find(({ kind, isExercise }) => kind === 'warning' && !isExercise)!

/** What residents read of alerts. */
export async function readAlerts(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  await page.goto(`${url}/${locale}/alerts`)
  await shoot('alerts')
  const alerts = await current(page, url)
  const drill = alerts.find(({ isExercise }) => isExercise)
  for (const [name, path] of Object.entries({ 'alert': `/${warningOf(alerts).identifier}`, 'alert-drill': `/${drill?.identifier}`, 'alert-poster': `/${warningOf(alerts).identifier}/poster` })) {
    await page.goto(`${url}/${locale}/alerts${path}`)
    await shoot(name)
  }
}

/** "Is this real?" with each of its answers. */
export async function checkMessages(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const warning = warningOf(await current(page, url))
  const { headline, description } = warning.texts.zh
  const check = async (name: string, text: string) => {
    await page.goto(`${url}/${locale}/alerts/check`)
    await page.locator('textarea').fill(text)
    await page.locator('main form button[type=submit]').last().click()
    await page.locator('#verdict').waitFor()
    await shoot(`alert-check-${name}`)
  }
  await page.goto(`${url}/${locale}/alerts/check`)
  await shoot('alert-check')
  await page.locator('main form button[type=submit]').last().click()
  await page.locator('.error-summary').waitFor()
  await shoot('alert-check-empty')
  await check('genuine', `大家注意！\n${headline}\n${description}`)
  await check('outdated', warning.references[0]?.identifier ?? '')
  await check('cancelled', await aCancelledOne(page, url))
  await check('altered', `${headline}\n${description.replace(/\d+/, '99')}`)
  await check('unknown', locale === 'zh' ? '紧急扩散！今天下午有人在学校门口抢孩子，已经丢了三个！' : 'URGENT! Children are being taken at the school gate, three are gone, share with everybody!')
}

/** A lead publishes a warning and takes it back; gives its code. */
async function aCancelledOne(page: Page, url: string): Promise<string> {
  const desk = await page.context().browser()!.newContext()
  const lead = await desk.newPage()
  await signIn(lead, url, 'lead@demo.linli')
  const headers = { 'sec-fetch-site': 'same-origin' }
  const post = async (path: string, data: object) => await (await lead.request.post(`${url}/api/desk/alerts${path}`, { headers, data })).json() as { alert: { identifier: string, revision: number } }
  const { communities } = await (await lead.request.get(`${url}/api/desk/reference`)).json() as { communities: { id: string }[] }
  const about = { kind: 'warning', colour: 'yellow', event: 'water_cut', urgency: 'Expected', severity: 'Moderate', certainty: 'Likely', expires: new Date(Date.now() + 24 * 3_600_000).toISOString(), areas: [{ kind: 'community', community: communities[0]?.id }] }
  const { alert } = await post('', { ...about, texts: { zh: { headline: '今晚停水检修', description: '今晚八点到十点停水。' }, en: { headline: 'No water tonight', description: 'No water from eight to ten tonight.' } } })
  await post(`/${alert.identifier}/publish`, {})
  const { alert: end } = await post(`/${alert.identifier}/cancel`, {})
  await post(`/${end.identifier}`, { ...about, revision: end.revision, texts: { zh: { headline: '今晚不停水了', description: '检修改期。' }, en: { headline: 'Water stays on tonight', description: 'The repair is put off.' } } })
  await post(`/${end.identifier}/publish`, {})
  await desk.close()
  return alert.identifier
}

/** What the page says after each answer, and the form that a tip goes on in. */
export async function answerAlerts(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const { identifier } = warningOf(await current(page, url))
  const open = () => page.goto(`${url}/${locale}/alerts/${identifier}`)
  for (const kind of ['seen', 'safe']) {
    await open()
    await page.locator(`button[name=kind][value=${kind}]`).click()
    await page.getByRole('status').first().waitFor()
    await shoot(`alert-answered-${kind}`)
  }
  await open()
  await page.locator('.alert-answers summary').click()
  await shoot('alert-help')
  await page.locator('.alert-answers textarea').fill(locale === 'zh' ? '5 号楼 302，两位老人，手机快没电了' : 'Building 5, flat 302, two old people, phone nearly empty')
  await page.locator('button[name=kind][value=help]').click()
  await page.getByRole('status').first().waitFor()
  await shoot('alert-answered-help')
  await page.goto(`${url}/${locale}/reports/new?alert=${identifier}`)
  await shoot('report-about-alert')
  await page.locator('button[name=danger][value=no]').click()
  await page.waitForURL('**/category')
  await shoot('report-about-alert-category')
}

const endpoint = { endpoint: `https://fcm.googleapis.com/fcm/send/${randomUUID()}`, keys: { p256dh: Buffer.concat([Buffer.of(4), randomBytes(64)]).toString('base64url'), auth: randomBytes(16).toString('base64url') } }

/** Asking for alerts by mail and in the browser, in every state, to the settings and their end. */
export async function subscribeToAlerts(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const subscribe = `${url}/${locale}/alerts/subscribe`
  const offer = page.locator('[data-offer-push] button')
  const service = (how: { permission?: string, answer?: string, reaches?: boolean }) => page.addInitScript(({ permission = 'default', answer = 'granted', reaches = true, endpoint }) => {
    let granted = permission
    Object.defineProperty(Notification, 'permission', { configurable: true, get: () => granted })
    Notification.requestPermission = () => Promise.resolve((granted = answer) as NotificationPermission)
    if (localStorage.getItem('shot-push')) granted = 'granted'
    PushManager.prototype.subscribe = () => {
      if (!reaches) return Promise.reject(new Error('away'))
      localStorage.setItem('shot-push', 'yes')
      return Promise.resolve({ toJSON: () => endpoint } as never)
    }
    PushManager.prototype.getSubscription = () => Promise.resolve(granted === 'granted' ? { unsubscribe: () => Promise.resolve(true) } as never : null)
  }, { ...how, endpoint })

  await service({})
  await page.goto(subscribe)
  await offer.waitFor()
  await page.locator('details.field summary').click()
  await shoot('alerts-subscribe')
  for (const [name, how] of Object.entries({ denied: { answer: 'denied' }, dismissed: { answer: 'default' }, service: { reaches: false } })) {
    await service(how)
    await page.goto(subscribe)
    await offer.click()
    await page.locator('.push-status:not(:empty)').filter({ hasNotText: /……$|…$/ }).waitFor()
    await shoot(`alerts-subscribe-${name}`)
  }
  for (const box of await page.locator('[name=kinds]').all()) await box.uncheck()
  await page.locator('main form button[type=submit]').click()
  await page.locator('.error-summary').waitFor()
  await shoot('alerts-subscribe-wrong')
  await service({})
  await page.goto(subscribe)
  await page.locator('[name=communities]').first().check()
  await offer.click()
  await page.waitForURL('**/subscriptions/*')
  await shoot('alerts-settings-browser')
  await page.goto(subscribe)
  await page.locator('[data-settings]:not([hidden])').waitFor()
  await shoot('alerts-subscribe-known')
  await page.locator('[data-settings]').click()
  await page.locator('button[name=act][value=stop]').click()
  await page.waitForURL('**?ended')
  await shoot('alerts-settings-ended')
  for (const name of ['unsupported', 'ios']) {
    const other = await page.context().newPage()
    await other.addInitScript(({ isIphone }) => {
      Reflect.deleteProperty(window, 'PushManager')
      if (isIphone) Object.defineProperty(navigator, 'userAgent', { get: () => 'iPhone' })
    }, { isIphone: name === 'ios' })
    await other.goto(subscribe)
    await other.locator('.push-status:not(:empty)').waitFor()
    await shoot(`alerts-subscribe-${name}`, other)
    await other.close()
  }

  const address = `shots-${randomUUID().slice(0, 8)}@example.com`
  await page.goto(subscribe)
  await page.locator('[name=address]').fill(address)
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL('**?pending')
  await shoot('alerts-subscribe-pending')
  const { mails } = await (await page.request.get(`${url}/api/desk/mailbox`)).json() as { mails: { to: string, body: string }[] }
  await page.goto(`${url}${mails.find(({ to }) => to === address)?.body.match(/\/(zh|en)\/alerts\/confirm\/[\w-]+/)?.[0]}`)
  await shoot('alerts-confirm')
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL('**/subscriptions/*')
  await shoot('alerts-settings-mail')
}
