// <enhance-keep-draft step="details">: with the visitor's tick, what is typed into the form stays on this device until it is sent.
// Tick or not, a form is held back while there is no network, says so, and goes by itself when it is back. A refused step takes the
// place of the page, so that "back" leads to the step before and not to a form to be sent again.
import { nextHeader } from '#shared/forms/form-state'

const storeName = 'linli-draft'
const longestWaitMilliseconds = 60_000
const quietMilliseconds = 800
const retryMilliseconds = 15_000

type Texts = Record<string, Record<string, string>>

class KeepDraft extends HTMLElement {
  private readonly form = this.querySelector('form')
  private readonly tick = this.querySelector<HTMLInputElement>('#keep-on-device')
  private readonly status = this.querySelector('.keep-status [data-status]')
  private readonly retry = this.querySelector('[data-retry]')
  private isCleared = false
  private isSending = false
  private submitter: HTMLElement | null = null
  private timer = 0

  connectedCallback() {
    this.querySelector('[data-offer]')?.removeAttribute('hidden')
    if (this.tick) {
      this.tick.checked = localStorage.getItem(storeName) !== null
      this.tick.addEventListener('change', () => this.tick?.checked ? this.keep() : this.forget())
      if (this.tick.checked) this.restore()
    }
    else if (this.getAttribute('step') !== 'check') this.forget() // what must not stay on the device does not
    this.addEventListener('input', event => event.target !== this.tick && this.tick?.checked && this.keep())
    this.form?.addEventListener('submit', event => this.send(event))
    this.retry?.querySelector('button')?.addEventListener('click', () => this.again())
    window.addEventListener('online', () => this.retry?.hasAttribute('hidden') || this.again())
  }

  /** Texts only: no choices, no files, nothing hidden. */
  private get fields() {
    return [...this.form?.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('textarea, input:not([type=radio], [type=checkbox], [type=hidden], [type=file])') ?? []]
  }

  private get step() { return this.getAttribute('step') ?? '' }

  private keep() {
    const texts: Texts = read()
    texts[this.step] = Object.fromEntries(this.fields.filter(({ value }) => value).map(({ name, value }) => [name, value]))
    try {
      localStorage.setItem(storeName, JSON.stringify(texts))
      this.say('saved')
    }
    catch {
      this.say() // storage is full or forbidden: the page goes on without it
    }
  }

  private forget() {
    localStorage.removeItem(storeName)
    this.say()
  }

  private restore() {
    const texts = read()[this.step] ?? {}
    const empty = this.fields.filter(({ name, value }) => !value && texts[name])
    for (const field of empty) field.value = texts[field.name] ?? ''
    if (empty.length) this.say('restored')
  }

  private send(event: SubmitEvent) {
    if (this.isCleared || event.defaultPrevented) return
    event.preventDefault()
    if (this.isSending) return
    this.submitter = event.submitter
    void this.tryNow()
  }

  private again() {
    clearTimeout(this.timer)
    void this.tryNow()
  }

  private async tryNow() {
    this.isSending = true
    const patience = setTimeout(() => this.say('sending'), quietMilliseconds)
    const answer = navigator.onLine ? await this.post().catch(() => undefined) : undefined
    clearTimeout(patience)
    this.isSending = false
    if (!this.isConnected) return // left by "Exit this page"
    this.retry?.toggleAttribute('hidden', answer !== undefined)
    this.say(answer ? undefined : 'offline')
    if (!answer) this.timer = window.setTimeout(() => this.again(), retryMilliseconds)
    else if (answer.headers.has(nextHeader)) location.assign(answer.headers.get(nextHeader) ?? '')
    else this.show(await answer.text())
  }

  private post(): Promise<Response> {
    const { form, submitter } = this
    const body = new FormData(form ?? undefined)
    const name = submitter?.getAttribute('name')
    if (name) body.append(name, submitter?.getAttribute('value') ?? '')
    const texts = [...body].map(([field, value]): [string, string] => [field, String(value)])
    return fetch(submitter?.getAttribute('formaction') ?? form?.action ?? '', {
      method: 'POST', headers: { [nextHeader]: '?' }, body: form?.enctype === 'multipart/form-data' ? body : new URLSearchParams(texts), signal: AbortSignal.timeout(longestWaitMilliseconds),
    })
  }

  /** The refused step; what is no page of ours the browser shows in its own way. */
  private show(html: string) {
    const page = new DOMParser().parseFromString(html, 'text/html')
    const main = page.querySelector('main')
    if (!main) {
      this.isCleared = true
      this.form?.requestSubmit(this.submitter)
      this.isCleared = false // "back" may bring this page again out of the browser's memory
      return
    }
    document.title = page.title
    document.querySelector('main')?.replaceWith(main)
    document.querySelector<HTMLElement>('.error-summary')?.focus()
  }

  private say(what?: 'saved' | 'restored' | 'offline' | 'sending') {
    if (this.status) this.status.textContent = (what && this.dataset[what]) ?? ''
  }
}

function read(): Texts {
  try {
    const texts: unknown = JSON.parse(localStorage.getItem(storeName) ?? '{}')
    return typeof texts === 'object' && texts ? texts as Texts : {}
  }
  catch {
    return {}
  }
}

customElements.define('enhance-keep-draft', KeepDraft)
