import { randomBytes, randomUUID } from 'node:crypto'
import { expect, test, type BrowserContext, type Page, type Worker } from '@playwright/test'
import { pushPayload } from '../../server/outbox/messages/alerts.ts'
import type { PublishedAlert } from '../../shared/alerts/published-alert.ts'

/* Headless Chromium has neither a push service nor a screen for notifications: these two are ours. The worker, its registration and the pushes that reach it are the browser's own. */

const anAddress = () => ({ endpoint: `https://fcm.googleapis.com/fcm/send/${randomUUID()}`, keys: { p256dh: Buffer.concat([Buffer.of(4), randomBytes(64)]).toString('base64url'), auth: randomBytes(16).toString('base64url') } })

interface PushService { permission?: NotificationPermission, answer?: NotificationPermission, endpoint?: ReturnType<typeof anAddress> }

/** A browser whose push service gives this address; none: it cannot be reached. */
async function withPushService(context: BrowserContext, { permission = 'default', answer = 'granted', endpoint }: PushService) {
  await context.addInitScript(({ permission, answer, endpoint }) => {
    const kept = 'test-push'
    const granted = () => localStorage.getItem(`${kept}-permission`) ?? permission
    Object.defineProperty(Notification, 'permission', { get: granted })
    Notification.requestPermission = () => {
      localStorage.setItem(`${kept}-permission`, answer)
      return Promise.resolve(answer)
    }
    const subscription = () => ({ ...endpoint, toJSON: () => endpoint, unsubscribe: () => Promise.resolve(localStorage.removeItem(kept) ?? true) })
    PushManager.prototype.getSubscription = () => Promise.resolve(localStorage.getItem(kept) ? subscription() as never : null)
    PushManager.prototype.subscribe = (options) => {
      if (!endpoint) return Promise.reject(new DOMException('no push service', 'AbortError'))
      localStorage.setItem(kept, String(options?.applicationServerKey))
      return Promise.resolve(subscription() as never)
    }
  }, { permission, answer, endpoint })
}

const button = (page: Page) => page.getByRole('button', { name: '用这个浏览器收通知' })
const says = (page: Page) => page.locator('.push-status')

async function subscribe(page: Page): Promise<string> {
  await page.goto('/zh/alerts/subscribe')
  await page.getByRole('checkbox', { name: '平安里', exact: true }).check()
  await page.getByRole('radio', { name: /橙色/ }).check()
  await button(page).click()
  await page.waitForURL('**/zh/alerts/subscriptions/*?begun')
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

/** Pushes as a push service would, once the worker runs. */
async function pushTo(page: Page, data: string) {
  const devtools = await page.context().newCDPSession(page)
  const registration = new Promise<string>((found) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL, isDeleted }) => scopeURL.endsWith('/_push/') && !isDeleted)
      if (ours) found(ours.registrationId)
    })
  })
  await devtools.send('ServiceWorker.enable')
  await devtools.send('ServiceWorker.deliverPushMessage', { origin: new URL(page.url()).origin, registrationId: await registration, data })
}

interface Notice { title: string, tag: string, lang: string, data: unknown }
interface Scope { notices: Notice[], registration: ServiceWorkerRegistration, clients: { openWindow: (url: string) => Promise<unknown> }, dispatchEvent: (event: Event) => void }

/** The worker, with the screen that headless Chromium has not: what is shown replaces what has its tag. */
async function workerOf(context: BrowserContext): Promise<Worker> {
  const worker = context.serviceWorkers()[0] ?? await context.waitForEvent('serviceworker')
  await worker.evaluate(() => {
    const scope = globalThis as never as Scope
    scope.notices = []
    scope.registration.showNotification = (title, options) => {
      scope.notices = [...scope.notices.filter(({ tag }) => tag !== options?.tag), { title, ...options } as Notice]
      return Promise.resolve()
    }
  })
  return worker
}
const shownBy = (worker: Worker) => worker.evaluate(() => (globalThis as never as Scope).notices)

/** Taps a notification; gives where that leads, instead of going there. */
const tap = (worker: Worker, tag: string, action = '') => worker.evaluate(({ tag, action }) => new Promise<string>((resolve) => {
  const scope = globalThis as never as Scope
  const notice = scope.notices.find(shown => shown.tag === tag)
  scope.clients.openWindow = url => Promise.resolve(resolve(url))
  const close = () => { scope.notices = scope.notices.filter(shown => shown !== notice) }
  scope.dispatchEvent(Object.assign(new Event('notificationclick'), { notification: { ...notice, close }, action, waitUntil: () => {} }))
}), { tag, action })

const aWarning = async (page: Page): Promise<PublishedAlert> => {
  const { alerts } = await (await page.request.get('/api/alerts')).json() as { alerts: PublishedAlert[] }
  return alerts.find(({ kind, isExercise }) => kind === 'warning' && !isExercise)!
}

test('one tap and the browser\'s yes: the choices are kept, an alert is shown in its words, and a tap leads to it', async ({ page, context, baseURL }) => {
  await withPushService(context, { endpoint: anAddress() })
  const token = await subscribe(page)
  await expect(page.getByRole('status').filter({ hasText: '订阅好了' })).toBeVisible()
  await expect(page.getByRole('checkbox', { name: '平安里', exact: true })).toBeChecked()
  await expect(page.getByRole('radio', { name: /橙色/ })).toBeChecked()
  expect(await page.evaluate(() => localStorage.getItem('test-push')), 'the key of the station').toMatch(/^B[\w-]{86}$/)

  const alert = await aWarning(page)
  const worker = await workerOf(context)
  await pushTo(page, pushPayload(alert, 'zh', baseURL!))
  await expect.poll(() => shownBy(worker)).toMatchObject([{ title: expect.stringMatching(/^.色预警|^情况更新/), tag: alert.chain, lang: 'zh' }])
  await pushTo(page, pushPayload({ ...alert, isExercise: true }, 'en', baseURL!))
  await expect.poll(() => shownBy(worker), 'the later one of a chain takes the place of the one before').toMatchObject([{ title: expect.stringMatching(/^EXERCISE: /), lang: 'en' }])
  expect(await tap(worker, alert.chain)).toBe(`${baseURL}/en/alerts/${alert.identifier}`)

  // An answer from the notification itself counts for this subscription, once.
  await pushTo(page, pushPayload(alert, 'zh', baseURL!))
  await expect.poll(() => shownBy(worker)).toHaveLength(1)
  const safe = await tap(worker, alert.chain, 'safe')
  expect(safe).toBe(`${baseURL}/zh/alerts/${alert.identifier}?answered=safe`)
  await page.goto(safe)
  await expect(page.getByRole('status')).toContainText('您平安就好')
  expect(await (await page.request.post(`/api/alerts/${alert.identifier}/responses`, { data: { kind: 'safe', token } })).json()).toMatchObject({ isNew: false })

  await pushTo(page, 'what is this')
  await expect.poll(() => shownBy(worker)).toMatchObject([{ title: '派出所有新消息，点开看看' }])

  // The page knows that this browser gets them, leads to the settings, and lets go when it is over.
  await page.goto('/zh/alerts/subscribe')
  await expect(says(page)).toHaveText('这个浏览器已经在收通知了。')
  await expect(button(page)).toBeHidden()
  await page.getByRole('link', { name: '改设置或者退订' }).click()
  await page.getByRole('button', { name: '退订' }).click()
  await expect(page.getByText('已经退订')).toBeVisible()
  await expect.poll(() => page.evaluate(() => localStorage.getItem('test-push'))).toBeNull()
  await page.getByRole('link', { name: '重新订阅' }).click()
  await expect(button(page)).toBeVisible()
})

test('a new push address is told to the station, and the settings stay', async ({ page, context }) => {
  const [first, second] = [anAddress(), anAddress()]
  await withPushService(context, { endpoint: first })
  const token = await subscribe(page)
  const worker = await workerOf(context)

  await worker.evaluate(async (to) => {
    const scope = globalThis as never as { dispatchEvent: (event: Event) => void }
    const work: Promise<unknown>[] = []
    scope.dispatchEvent(Object.assign(new Event('pushsubscriptionchange'), { newSubscription: to, oldSubscription: null, waitUntil: (promise: Promise<unknown>) => work.push(promise) }))
    await Promise.all(work)
  }, second)

  await page.reload()
  await expect(page.getByRole('radio', { name: /橙色/ })).toBeChecked()
  // Whoever subscribes under the first address is somebody else now; under the second one this subscription is replaced.
  const anew = (subscription: typeof first) => page.request.post('/api/subscriptions', { data: { channel: 'webpush', locale: 'zh', subscription } })
  expect((await anew(first)).status()).toBe(201)
  await page.reload()
  await expect(page.getByRole('button', { name: '退订' })).toBeVisible()
  expect((await anew(second)).status()).toBe(201)
  expect(token).toMatch(/^[\w-]{32}$/)
  await page.reload()
  await expect(page.getByText('已经退订')).toBeVisible()
})

test('nothing is asked before the tap; refused, not answered and no push service are said in a sentence, and mail is still there', async ({ browser, baseURL }) => {
  for (const [service, sentence] of [
    [{ answer: 'denied' }, '这个浏览器不许我们发通知'], [{ answer: 'default' }, '还没有选“允许”'], [{ answer: 'granted' }, '连不上它的推送服务'],
  ] as const) {
    const context = await browser.newContext({ baseURL, locale: 'zh-CN' })
    await withPushService(context, service)
    const page = await context.newPage()
    await page.goto('/zh/alerts/subscribe')
    await expect(button(page)).toBeVisible()
    await expect(says(page)).toBeEmpty()
    expect(await page.evaluate(() => localStorage.getItem('test-push-permission'))).toBeNull()
    await button(page).click()
    await expect(says(page)).toContainText(sentence)
    await expect(page.getByLabel('邮箱')).toBeEnabled()
    await expect(page).toHaveURL('/zh/alerts/subscribe')
    await context.close()
  }
})

test('a browser that cannot, an iPhone outside of its home screen and one that has refused before: no button, but a sentence', async ({ browser, baseURL }) => {
  const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
  for (const [userAgent, sentence] of [[undefined, '这个浏览器收不了通知'], [iPhone, '添加到主屏幕']] as const) {
    const context = await browser.newContext({ baseURL, locale: 'zh-CN', ...userAgent && { userAgent } })
    await context.addInitScript(() => { Reflect.deleteProperty(window, 'PushManager') })
    const page = await context.newPage()
    await page.goto('/zh/alerts/subscribe')
    await expect(says(page)).toContainText(sentence)
    await expect(button(page)).toBeHidden()
    await context.close()
  }
  const context = await browser.newContext({ baseURL, locale: 'zh-CN' })
  await withPushService(context, { permission: 'denied' })
  const page = await context.newPage()
  await page.goto('/en/alerts/subscribe')
  await expect(says(page)).toContainText('does not let us send notifications')
  await expect(page.getByRole('button', { name: 'Notify me' })).toBeHidden()
  await context.close()
})

test('what was chosen wrong is said as in the form, and the network may be away', async ({ page, context }) => {
  await withPushService(context, { endpoint: anAddress() })
  await page.goto('/zh/alerts/subscribe')
  for (const box of await page.locator('[name=kinds]').all()) await box.uncheck()
  await button(page).click()
  await expect(page.locator('.error-summary')).toBeFocused()
  await expect(page.locator('.error-summary')).toContainText('哪几种')
  await page.locator('[name=kinds]').first().check()
  await page.route('**/alerts/subscribe', route => route.request().method() === 'POST' ? route.abort() : route.continue())
  await button(page).click()
  await expect(says(page)).toContainText('网络断了')
  await page.unroute('**/alerts/subscribe')
  await button(page).click()
  await page.waitForURL('**/subscriptions/*?begun')
})

test('the worker has a scope without pages, is asked for anew, and no page of the portal is under it', async ({ page, context, request }) => {
  const answer = await request.get('/_push/worker.js')
  expect(answer.headers()).toMatchObject({ 'content-type': expect.stringContaining('javascript'), 'cache-control': 'no-cache' })
  expect(await answer.text()).not.toMatch(/addEventListener\("fetch"|caches\./)
  expect((await page.goto('/zh/alerts/subscribe'))?.headers()['content-security-policy']).toMatch(/worker-src 'self'/)

  await withPushService(context, { endpoint: anAddress() })
  await subscribe(page)
  for (const path of ['/zh', '/zh/alerts', '/zh/reports/new']) {
    await page.goto(path)
    expect(await page.evaluate(async () => [navigator.serviceWorker.controller, (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname), await caches.keys()])).toEqual([null, ['/_push/'], []])
  }
  const manifest = await request.get('/manifest.webmanifest?locale=en')
  expect(await manifest.json()).toMatchObject({ lang: 'en', display: 'standalone', start_url: '/en/alerts/subscribe' })
  expect((await request.get('/icon-192.png')).headers()['content-type']).toBe('image/png')
})
