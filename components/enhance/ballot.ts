// <enhance-ballot ballot-key spki data-…>: the ballot is blinded and unblinded here, so that the server signs it without seeing it, and is sent later, without
// cookies, after a wait of its own. What was drawn is kept on this phone until it is counted. Without this script the server does both (RULES E2).
import { blindBallot, unblindBallot, type Ballot, type BlindedBallot } from '#shared/trust/blind-ballot'

const [leastWaitMs, mostWaitMs] = [3_000, 20_000]
const grades = ['familiar', 'satisfied', 'prompt', 'polite', 'effective']

interface Kept { blinded: BlindedBallot, ballot?: Ballot }
class Refused extends Error { constructor(readonly code: string, readonly sentence: string) { super(code) } }

class BallotForm extends HTMLElement {
  private readonly form = this.querySelector('form')
  private isBusy = false

  connectedCallback() {
    const [key, spki] = [this.getAttribute('ballot-key'), this.getAttribute('spki')]
    // Web Crypto is there over https only; elsewhere the form is sent as it is.
    if (!key || !spki || !globalThis.crypto?.subtle) return
    this.querySelector('[data-without-script]')?.remove()
    this.form?.addEventListener('submit', (event) => {
      const answers = answersOf(new FormData(this.form ?? undefined))
      if (!answers) return // the server says what is missing
      event.preventDefault()
      if (!this.isBusy) void this.send(key, spki, answers)
    })
  }

  private async send(key: string, spki: string, answers: object) {
    this.isBusy = true
    try {
      this.say('drawing')
      const ballot = await this.draw(key, spki)
      await this.wait()
      this.say('sending')
      // Who this is went into drawing; it does not go here.
      await post('/api/ratings', { ballot: { key, ...ballot }, answers }, 'omit').catch((error: unknown) => {
        if (!(error instanceof Refused && error.code === 'ballot_spent')) throw error
      })
      forget(key)
      location.assign(this.dataset.done ?? location.href)
    }
    catch (error) {
      this.isBusy = false
      if (!(error instanceof Refused)) return this.say('away')
      // Drawn on another phone: what is kept here is worth nothing.
      if (error.code === 'ballot_drawn') forget(key)
      this.tell(error.code === 'ballot_drawn' ? this.dataset.lost ?? error.sentence : error.sentence)
    }
  }

  private async draw(key: string, spki: string): Promise<Ballot> {
    const kept = read(key) ?? { blinded: await blindBallot(spki) }
    if (kept.ballot) return kept.ballot
    // Kept before it is sent: whatever happens next, the same message gets the same signature.
    keep(key, kept)
    const { blindSignature } = await post('/api/ratings/ballots', { key, blinded: kept.blinded.blinded }, 'same-origin')
    const ballot = await unblindBallot(spki, kept.blinded, blindSignature ?? '')
    keep(key, { ...kept, ballot })
    return ballot
  }

  /** A while of its own lies between drawing and sending. */
  private async wait() {
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
    for (let left = Math.ceil((leastWaitMs + random / 2 ** 32 * (mostWaitMs - leastWaitMs)) / 1000); left > 0; left--) {
      this.tell((this.dataset.waiting ?? '').replace('{seconds}', String(left)))
      await new Promise(resolve => setTimeout(resolve, 1000))
    }
  }

  private say(what: 'drawing' | 'sending' | 'away') { this.tell(this.dataset[what] ?? '') }

  private tell(words: string) {
    const status = this.querySelector('[data-status]')
    if (status) status.textContent = words
  }
}

/** As the call takes them; undefined where the form says too little. */
function answersOf(form: FormData): object | undefined {
  const knows = form.get('knows')
  if (knows !== 'yes' && knows !== 'no') return undefined
  const grade = (name: string) => knows === 'yes' && form.get(name) ? Number(form.get(name)) : null
  return { knows: knows === 'yes', ...Object.fromEntries(grades.map(name => [name, grade(name)])), comment: String(form.get('comment') ?? '') }
}

async function post(path: string, body: object, credentials: RequestCredentials): Promise<{ blindSignature?: string }> {
  const locale = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
  const answer = await fetch(`${path}?locale=${locale}`, { method: 'POST', credentials, referrerPolicy: credentials === 'omit' ? 'no-referrer' : 'same-origin', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(20_000) })
  const said = await answer.json() as { blindSignature?: string, code?: string, detail?: string }
  if (answer.ok) return said
  throw answer.status >= 500 ? new Error('away') : new Refused(said.code ?? '', said.detail ?? '')
}

const nameOf = (key: string) => `linli-ballot-${key}`

function read(key: string): Kept | undefined {
  try {
    return JSON.parse(localStorage.getItem(nameOf(key)) ?? 'null') as Kept | null ?? undefined
  }
  catch {
    return undefined
  }
}

function keep(key: string, kept: Kept) {
  try {
    localStorage.setItem(nameOf(key), JSON.stringify(kept))
  }
  catch {
    // Storage is full or forbidden: it lasts as long as this page.
  }
}

function forget(key: string) {
  try {
    localStorage.removeItem(nameOf(key))
  }
  catch {
    // It kept nothing.
  }
}

customElements.define('enhance-ballot', BallotForm)
