// <enhance-roll-call data-now data-codes>: the lead's phone goes on showing the code of the moment, also without network, for the ten minutes
// whose codes it holds. With network it asks for the page again every 20 seconds: new codes, and who has come.
interface ShownCode { code: string, from: string }

const stepMs = 30_000
const askMs = 20_000

class RollCall extends HTMLElement {
  private readonly timers: number[] = []
  /** How far this phone's clock is from the station's. */
  private offset = 0

  connectedCallback() {
    this.offset = Date.parse(this.dataset.now ?? '') - Date.now()
    this.show()
    this.timers.push(window.setInterval(() => this.show(), 1000), window.setInterval(() => void this.ask(), askMs))
  }

  disconnectedCallback() {
    for (const timer of this.timers) clearInterval(timer)
  }

  private show() {
    const now = Date.now() + this.offset
    const codes = JSON.parse(this.dataset.codes ?? '[]') as ShownCode[]
    const current = codes.find(({ from }) => now >= Date.parse(from) && now < Date.parse(from) + stepMs)
    const [code, status] = [this.querySelector('[data-code]'), this.querySelector('[data-status]')]
    if (!code || !status) return
    if (code.textContent !== (current?.code ?? '······')) code.textContent = current?.code ?? '······'
    const seconds = current ? Math.ceil((Date.parse(current.from) + stepMs - now) / 1000) : 0
    status.textContent = current ? (this.dataset.left ?? '').replace('{seconds}', String(seconds)) : this.dataset.stale ?? ''
  }

  /** Takes over what is new, unless somebody is filling in a field or reads the codes to come. */
  private async ask() {
    if (!navigator.onLine || document.hidden || document.querySelector('main details[open]') || /^(?:INPUT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) return
    const answer = await fetch(location.pathname, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined)
    if (!answer?.ok || answer.redirected) return
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const main = page.querySelector('main')
    if (!main?.querySelector('enhance-roll-call') || !this.isConnected) return
    const focused = nameOf(document.activeElement)
    document.querySelector('main')?.replaceWith(main)
    // Whoever goes by the keyboard stays where they were.
    if (focused) [...main.querySelectorAll<HTMLElement>('a, button, summary')].find(control => nameOf(control) === focused)?.focus({ preventScroll: true })
  }
}

const nameOf = (control: Element | null) => control?.closest('main') ? `${control.tagName} ${control.textContent.trim()}` : ''

customElements.define('enhance-roll-call', RollCall)
