// <enhance-push-alerts>: offers notifications of this browser beside the form that it stands in. The browser asks for leave only after a tap; the choices go to the
// page's own address as the form would send them, with the browser's push address. On the page of the settings (`token`) it lets go of a subscription that has
// ended, and says so when the browser has lost it. Without script mail, Telegram and the feed are left.
import { nextHeader } from '#shared/forms/form-state'
import { forget, keep, readKept, type Kept } from './push/push-store.ts'

type State = 'unsupported' | 'ios' | 'denied' | 'dismissed' | 'asking' | 'service' | 'offline' | 'known' | 'lost'

class PushAlerts extends HTMLElement {
  private readonly button = this.querySelector('button')
  private readonly status = this.querySelector('[data-status]')

  connectedCallback() {
    void this.begin()
  }

  private async begin() {
    const { token, ended } = this.dataset
    this.querySelector('[data-without-script]')?.remove()
    if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) return token ? undefined : this.say(isApplePhone() ? 'ios' : 'unsupported')
    const [kept, subscription] = await Promise.all([readKept().catch(() => undefined), this.subscription()])
    if (token) return this.settle(token, ended !== undefined, kept, subscription)
    if (Notification.permission === 'denied') return this.say('denied')
    if (kept && subscription && Notification.permission === 'granted') return this.offerSettings(kept)
    this.button?.addEventListener('click', () => void this.subscribe())
    this.querySelector('[data-offer-push]')?.removeAttribute('hidden')
  }

  /** On the page of the settings. A token of another browser's is none of our business. */
  private async settle(token: string, isEnded: boolean, kept: Kept | undefined, subscription: PushSubscription | null) {
    if (kept?.token !== token) return
    if (isEnded) {
      await forget()
      await subscription?.unsubscribe()
    }
    else if (!subscription || Notification.permission !== 'granted') { this.say(Notification.permission === 'denied' ? 'denied' : 'lost') }
  }

  private offerSettings({ token }: Kept) {
    this.say('known')
    const link = this.querySelector<HTMLAnchorElement>('[data-settings]')
    if (!link) return
    link.href += token
    link.hidden = false
  }

  private get scope() { return new URL('./', new URL(this.getAttribute('worker') ?? '', location.origin)).pathname }

  private subscription() {
    return navigator.serviceWorker.getRegistration(this.scope).then(found => found?.pushManager.getSubscription() ?? null).catch(() => null)
  }

  private async subscribe() {
    // Safari wants the question in the tap itself.
    const answer = await Notification.requestPermission()
    if (answer !== 'granted') return this.say(answer === 'denied' ? 'denied' : 'dismissed')
    this.say('asking')
    if (this.button) this.button.disabled = true
    const subscription = await this.ask().catch(() => undefined)
    if (subscription) await this.send(subscription)
    else this.say('service')
    if (this.button) this.button.disabled = false
  }

  /** A push address for this browser. One under a former key of the station is given up first. */
  private async ask(): Promise<PushSubscription> {
    const registration = await navigator.serviceWorker.register(this.getAttribute('worker') ?? '', { scope: this.scope, updateViaCache: 'none' })
    await activated(registration)
    const options = { userVisibleOnly: true, applicationServerKey: this.dataset.key ?? '' }
    return registration.pushManager.subscribe(options).catch(async (refused: unknown) => {
      const former = await registration.pushManager.getSubscription()
      if (!former) throw refused
      await former.unsubscribe()
      return registration.pushManager.subscribe(options)
    })
  }

  private async send(subscription: PushSubscription) {
    const form = this.closest('form')
    const body = new URLSearchParams([...new FormData(form ?? undefined)].map(([name, value]): [string, string] => [name, String(value)]))
    body.delete('address')
    body.set('channel', 'webpush')
    body.set('subscription', JSON.stringify(subscription))
    const answer = await fetch(form?.action ?? '', { method: 'POST', headers: { [nextHeader]: '?' }, body }).catch(() => undefined)
    if (!answer) return this.say('offline')
    const next = answer.headers.get(nextHeader)
    if (next === null) return this.show(await answer.text())
    const token = /\/subscriptions\/([\w-]+)/.exec(next)?.[1] ?? ''
    await keep({ token, key: this.dataset.key ?? '', title: this.dataset.fallback ?? '', url: this.dataset.url ?? '' }).catch(() => undefined)
    location.assign(next)
  }

  /** The form as the server refused it. */
  private show(html: string) {
    const page = new DOMParser().parseFromString(html, 'text/html')
    const main = page.querySelector('main')
    if (!main) return this.say('offline')
    document.title = page.title
    document.querySelector('main')?.replaceWith(main)
    document.querySelector<HTMLElement>('.error-summary')?.focus()
  }

  private say(state: State) {
    if (this.status) this.status.textContent = this.dataset[state] ?? ''
  }
}

/** Safari on iPhone and iPad gives notifications to what is on the home screen alone; an iPad calls itself a Mac. */
const isApplePhone = () => /iP(hone|ad|od)/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)

function activated({ active, installing, waiting }: ServiceWorkerRegistration): Promise<void> {
  const coming = installing ?? waiting
  if (active || !coming) return Promise.resolve()
  return new Promise((resolve, reject) => {
    coming.addEventListener('statechange', () => {
      if (coming.state === 'activated') resolve()
      if (coming.state === 'redundant') reject(new Error('the worker was not taken'))
    })
  })
}

customElements.define('enhance-push-alerts', PushAlerts)
