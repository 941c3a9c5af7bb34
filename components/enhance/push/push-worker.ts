// The service worker behind <enhance-push-alerts>, served as /_push/worker.js: shows what is pushed, leads to the alert, and gives word of a new push address.
// Its scope is /_push/, where no page lies: it controls none, answers no request and keeps no page.
import { readKept, type Kept } from './push-store.ts'
import { addressOf, notificationOf, type Shown } from './show-push.ts'

/* What the DOM's types leave out of a worker. */
interface Lasting extends Event { waitUntil: (work: Promise<unknown>) => void }
interface Pushed extends Lasting { data: { text: () => string } | null }
interface Clicked extends Lasting { action: string, notification: { close: () => void, data: Shown['options']['data'] } }
interface Moved extends Lasting { oldSubscription?: PushSubscription | null, newSubscription?: PushSubscription | null }
interface Tab { url: string, focus: () => Promise<unknown> }
declare const self: {
  addEventListener: {
    (name: 'push', then: (event: Pushed) => void): void
    (name: 'notificationclick', then: (event: Clicked) => void): void
    (name: 'pushsubscriptionchange', then: (event: Moved) => void): void
    (name: 'install', then: () => void): void
  }
  registration: ServiceWorkerRegistration
  clients: { matchAll: (of: { type: 'window', includeUncontrolled: true }) => Promise<Tab[]>, openWindow: (url: string) => Promise<unknown> }
  location: Location
  skipWaiting: () => Promise<void>
}

const { origin } = self.location
const known = (): Promise<Kept | undefined> => readKept().catch(() => undefined)

// There is nothing that an old one could be in the middle of.
self.addEventListener('install', () => void self.skipWaiting())

self.addEventListener('push', event => event.waitUntil(show(event.data?.text())))
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data, event.action))
})
self.addEventListener('pushsubscriptionchange', event => event.waitUntil(move(event)))

async function show(text: string | undefined) {
  const { title, options } = notificationOf(text, await known() ?? { title: origin, url: origin })
  await self.registration.showNotification(title, options)
}

/** "Seen" and "safe" are sent by the tap itself; the page that opens says so, or offers it again. */
async function open(data: Shown['options']['data'], action: string) {
  const address = addressOf(data, action, origin)
  const isTold = (action === 'seen' || action === 'safe') && await answer(data, action)
  const url = isTold ? `${address}?answered=${action}` : address
  const tab = (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).find(other => other.url === url)
  await (tab ? tab.focus() : self.clients.openWindow(url))
}

async function answer({ identifier, locale }: Shown['options']['data'], kind: string): Promise<boolean> {
  const token = (await known())?.token
  return post('POST', `/api/alerts/${identifier}/responses`, { kind, ...token && { token }, ...locale && { locale } })
}

/** The push service gave this browser another address. What was wanted stays. */
async function move({ newSubscription, oldSubscription }: Moved) {
  const kept = await known()
  if (!kept) return
  const applicationServerKey = oldSubscription?.options.applicationServerKey ?? kept.key
  const subscription = newSubscription ?? await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
  await post('PUT', `/api/subscriptions/${kept.token}`, { subscription })
}

const post = (method: string, path: string, body: object): Promise<boolean> =>
  fetch(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).then(({ ok }) => ok, () => false)
