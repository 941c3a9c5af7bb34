// <enhance-check-in place="…">: a code that is entered without network is kept on this phone with one's place on the shift, and sent when the network
// is back. It counts for ten minutes; afterwards it is forgotten and the phone says whom to ask.
import { nextHeader } from '#shared/forms/form-state'
import { rollCall } from '#shared/patrols/roll-call-rules'

const storeName = 'linli-check-in'
const retryMs = 5_000
const longestWaitMs = 15_000

/** `place` is one person's on one shift: on a phone that several use nobody sends another's code. */
interface Kept { place: string, code: string, at: number }

class CheckIn extends HTMLElement {
  private readonly form = this.querySelector('form')
  private readonly field = this.querySelector<HTMLInputElement>('input[name=code]')
  private readonly status = this.querySelector('[data-status]')
  private timer = 0
  private isSending = false
  private readonly again = () => void this.send()

  connectedCallback() {
    this.form?.addEventListener('submit', (event) => {
      if (!this.field?.value.trim()) return // the server says what is missing
      event.preventDefault()
      keep({ place: this.place, code: this.field.value, at: Date.now() })
      void this.send()
    })
    window.addEventListener('online', this.again)
    if (kept()?.place === this.place) void this.send()
  }

  disconnectedCallback() {
    clearTimeout(this.timer)
    window.removeEventListener('online', this.again)
  }

  private get place() { return this.getAttribute('place') ?? '' }

  private async send() {
    const waiting = kept()
    if (!waiting || waiting.place !== this.place || this.isSending || !this.form) return
    clearTimeout(this.timer)
    if (Date.now() - waiting.at > rollCall.offlineMinutes * 60_000) {
      forget()
      return this.say('late')
    }
    this.isSending = true
    this.say('sending')
    const body = new FormData(this.form)
    body.set('code', waiting.code)
    const answer = navigator.onLine
      ? await fetch(this.form.action, { method: 'POST', headers: { [nextHeader]: '?' }, body: new URLSearchParams([...body].map(([name, value]): [string, string] => [name, String(value)])), signal: AbortSignal.timeout(longestWaitMs) }).catch(() => undefined)
      : undefined
    this.isSending = false
    // A portal that is away is no answer to the code.
    if (!answer || answer.status >= 500) {
      this.say('kept')
      this.timer = window.setTimeout(this.again, retryMs)
      return
    }
    forget()
    const next = answer.headers.get(nextHeader)
    if (next) return location.assign(next)
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const main = page.querySelector('main')
    if (!main) return location.reload()
    document.title = page.title
    document.querySelector('main')?.replaceWith(main)
    document.querySelector<HTMLElement>('.error-summary')?.focus()
  }

  private say(what: 'kept' | 'late' | 'sending') {
    if (this.status) this.status.textContent = this.dataset[what] ?? ''
  }
}

/** For browsers that keep nothing: as long as this page stays open. */
let held: Kept | undefined

function kept(): Kept | undefined {
  try {
    return held ?? (JSON.parse(localStorage.getItem(storeName) ?? 'null') as Kept | null) ?? undefined
  }
  catch {
    return held
  }
}

function keep(code: Kept) {
  held = code
  try {
    localStorage.setItem(storeName, JSON.stringify(code))
  }
  catch {
    // Storage is full or forbidden.
  }
}

function forget() {
  held = undefined
  try {
    localStorage.removeItem(storeName)
  }
  catch {
    // It kept nothing.
  }
}

customElements.define('enhance-check-in', CheckIn)
