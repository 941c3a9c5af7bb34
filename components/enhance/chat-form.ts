// <enhance-chat-form>: what is sent goes without a reload. The page's own answer is fetched and what is new in it is taken over, so that
// there is one way to show a conversation. A send that failed is sent again under the same key: it happens once, whatever the network does.
import { languageSwitch, nextHeader } from '#shared/forms/form-state'
import { solveProof } from './proof/solve-proof.ts'

const pollMilliseconds = 8_000
const patienceMilliseconds = 20_000
/** As on the page of the form: without a solution by then the report goes all the same, and is read after the others. */
const proofMilliseconds = 12_000
const after = (milliseconds: number) => new Promise<undefined>(resolve => setTimeout(resolve, milliseconds, undefined))

/** The server's own page said no: its sentence is shown, and what was typed stays. */
class Refused extends Error {}

class ChatForm extends HTMLElement {
  private isSending = false
  private again: (() => void) | undefined
  private proof: Promise<string | undefined> | undefined

  connectedCallback() {
    this.addEventListener('submit', event => this.submit(event))
    this.addEventListener('click', event => void this.copy(event))
    this.addEventListener('keydown', (event) => {
      // On a phone the key makes a new line: sending is the button beside it.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !(event.target instanceof HTMLTextAreaElement) || matchMedia('(pointer: coarse)').matches) return
      event.preventDefault()
      event.target.form?.requestSubmit()
    })
    this.failed?.querySelector('button')?.addEventListener('click', () => this.again?.())
    this.refresh()
    setInterval(() => void this.poll(this.isWithPerson), pollMilliseconds)
    // Another tab may have gone on with the conversation; and what the browser kept of the page must not show a receipt again.
    document.addEventListener('visibilitychange', () => void this.poll(!document.hidden))
    window.addEventListener('pagehide', () => this.querySelectorAll('.once, [data-copy]').forEach(once => once.remove()))
    window.addEventListener('pageshow', event => void this.poll(event.persisted))
  }

  private get log() { return this.querySelector('ol')! }
  private get status() { return this.querySelector<HTMLElement>('.chat-status')! }
  private get failed() { return this.querySelector<HTMLElement>('.chat-failed') }
  private get area() { return this.querySelector('textarea') }
  private get choices() { return this.querySelector('.chat-choices') }
  private get isWithPerson() { return ['waiting', 'open'].includes(this.dataset.thread ?? '') }

  private submit(event: SubmitEvent) {
    const { submitter, target } = event
    const chosen = submitter instanceof HTMLButtonElement && submitter.name ? submitter : undefined
    // "End chat" and the language lead to another page.
    if (!(target instanceof HTMLFormElement) || chosen?.name === 'act' || chosen?.name === languageSwitch) return
    event.preventDefault()
    const said = chosen ? chosen.textContent?.trim() : this.area?.value.trim()
    if (this.isSending || !said) return this.area?.focus()
    const body = new URLSearchParams([...new FormData(target)].map(([name, value]): [string, string] => [name, String(value)]))
    if (chosen) body.set(chosen.name, chosen.value)
    const line = this.echo(said)
    this.again = () => void this.send(body, line, chosen ? undefined : this.area?.value)
    this.again()
  }

  /** What was said stands there at once; the answer's page brings its own line. */
  private echo(said: string) {
    this.log.querySelector('[data-echo]')?.remove()
    const line = document.createElement('li')
    line.className = 'of-resident'
    line.dataset.echo = ''
    line.append(Object.assign(document.createElement('b'), { textContent: this.dataset.you ?? '' }), Object.assign(document.createElement('p'), { textContent: said }))
    this.log.append(line)
    line.scrollIntoView({ block: 'nearest' })
    return line
  }

  private async send(body: URLSearchParams, line: HTMLElement, typed: string | undefined) {
    if (this.isSending) return
    this.isSending = true
    this.failed?.setAttribute('hidden', '')
    const before = this.status.textContent
    const slow = setTimeout(() => { this.status.textContent = this.status.dataset.waiting ?? '' }, 300)
    this.setAttribute('aria-busy', 'true')
    try {
      if (this.proof && !body.get('altcha')) body.set('altcha', await Promise.race([this.proof, after(proofMilliseconds)]) ?? '')
      const answer = await fetch(location.pathname, { method: 'POST', body, headers: { [nextHeader]: '1' }, signal: AbortSignal.timeout(patienceMilliseconds) })
      const next = answer.headers.get(nextHeader)
      if (next && (new URL(next, location.href).pathname !== location.pathname || next.includes('?'))) return location.assign(next)
      if (!next) throw new Refused(sentenceOf(await answer.text()))
      const first = this.take(await this.page())
      if (this.area && this.area.value === typed) this.area.value = ''
      this.toLatest(first, typed !== undefined)
    }
    catch (thrown) {
      this.status.textContent = before
      this.fail(thrown instanceof Refused ? thrown.message : '', line)
    }
    finally {
      clearTimeout(slow)
      this.isSending = false
      this.removeAttribute('aria-busy')
    }
  }

  private fail(sentence: string, line: HTMLElement) {
    const said = this.failed?.querySelector('p')
    if (said) said.textContent = sentence || (said.dataset.offline ?? '')
    // What was refused was not said: it stands in the box still, to be changed.
    if (sentence) line.remove()
    this.failed?.removeAttribute('hidden')
    const retry = this.failed?.querySelector('button')
    retry?.toggleAttribute('hidden', Boolean(sentence))
    if (sentence) this.area?.focus()
    else retry?.focus()
  }

  private async page() {
    const answer = await fetch(location.pathname, { signal: AbortSignal.timeout(patienceMilliseconds) })
    if (!answer.ok) throw new Error(String(answer.status))
    return answer.text()
  }

  /** Takes over what is new, line by line, so that a screen reader says it once. Gives the first new line. */
  private take(html: string): Element | undefined {
    const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('enhance-chat-form')
    const lines = fresh?.querySelector('ol')
    if (!fresh || !lines) throw new Error('no conversation')
    this.log.querySelector('[data-echo]')?.remove()
    const old = [...this.log.children]
    const now = [...lines.children]
    let same = 0
    while (same < old.length && same < now.length && old[same]?.textContent === now[same]?.textContent) same++
    for (const line of old.slice(same)) line.remove()
    this.log.append(...now.slice(same))
    this.status.textContent = fresh.querySelector('.chat-status')?.textContent ?? ''
    this.dataset.thread = fresh.getAttribute('data-thread') ?? ''
    this.swap('.chat-choices', fresh, this.querySelector('.chat-say'))
    this.swap('.chat-end', fresh, null)
    const keys = fresh.querySelectorAll<HTMLInputElement>('[name=idempotencyKey]')
    this.querySelectorAll<HTMLInputElement>('[name=idempotencyKey]').forEach((key, index) => { key.value = keys[index]?.value ?? crypto.randomUUID() })
    this.refresh()
    return now[same]
  }

  /** A part that reads as before stays: whoever is on one of its buttons with the keyboard stays there. */
  private swap(part: string, fresh: Element, before: Element | null) {
    const [now, shown] = [fresh.querySelector(part), this.querySelector(part)]
    const buttons = (form: Element | null) => [...form?.querySelectorAll('button') ?? []].map(button => `${button.value} ${button.textContent}`).join()
    if (shown && buttons(shown) === buttons(now)) return
    shown?.remove()
    if (now) this.insertBefore(now, before)
  }

  /** What the page as it stands wants of its script: the check before a report is sent, and a button that copies the receipt. */
  private refresh() {
    this.proof = this.querySelector('[name=altcha]') ? solveProof().catch(() => undefined) : undefined
    this.querySelectorAll('[data-copy]').forEach(copy => copy.toggleAttribute('hidden', !navigator.clipboard))
  }

  private async copy({ target }: Event) {
    if (!(target instanceof HTMLElement) || !target.dataset.copy) return
    await navigator.clipboard.writeText(target.dataset.copy)
    this.status.textContent = target.dataset.copied ?? ''
  }

  /** While people have the thread, what they write comes by itself. */
  private async poll(isWanted: boolean) {
    if (this.isSending || document.hidden || !isWanted) return
    await this.page().then((html) => {
      if (this.isSending || this.log.querySelector('[data-echo]') || !this.take(html)) return
      this.log.lastElementChild?.scrollIntoView({ block: 'nearest' })
    }).catch(() => undefined)
  }

  /** Shows the turn from its beginning, with the box below if there is room; the keyboard goes on where it was. */
  private toLatest(first: Element | undefined, wasTyped: boolean) {
    const say = this.querySelector('.chat-say')
    const next = wasTyped ? this.area : this.choices?.querySelector('button') ?? this.area
    next?.focus({ preventScroll: true })
    if (!first || !say) return
    const fits = say.getBoundingClientRect().bottom - first.getBoundingClientRect().top < innerHeight - 96
    if (fits) say.scrollIntoView({ block: 'nearest' })
    else first.scrollIntoView()
  }
}

/** The sentence of a page that refuses, or nothing. */
function sentenceOf(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  return [...page.querySelectorAll('.error-summary li, main [role=alert] p, main > p.lead')].map(line => line.textContent?.trim()).filter(Boolean)[0] ?? ''
}

customElements.define('enhance-chat-form', ChatForm)
