// <enhance-ballot ballot-key spki data-…>: a rating goes as a ballot that is made here (ballot/cast-ballot.ts). Without this script the server draws and spends (RULES E2).
import { canCast, castBallot, type BallotKey } from './ballot/cast-ballot'

const grades = ['familiar', 'satisfied', 'prompt', 'polite', 'effective']

class BallotForm extends HTMLElement {
  private readonly form = this.querySelector('form')
  private isBusy = false

  connectedCallback() {
    const [key, spki] = [this.getAttribute('ballot-key'), this.getAttribute('spki')]
    if (!key || !spki || !canCast()) return
    this.querySelector('[data-without-script]')?.remove()
    this.form?.addEventListener('submit', (event) => {
      const answers = answersOf(new FormData(this.form ?? undefined))
      if (!answers) return // the server says what is missing
      event.preventDefault()
      // What the server found missing is said now; the sentence of the send stands at the button.
      document.querySelectorAll('.error-summary, enhance-ballot .error').forEach(found => found.remove())
      if (!this.isBusy) void this.send({ key, spki, pass: this.dataset.pass }, answers)
    })
  }

  private async send(key: BallotKey, answers: object) {
    this.isBusy = true
    const isCounted = await castBallot(key, { path: '/api/ratings', body: ballot => ({ ballot, answers }) }, this.dataset, (sentence) => {
      const status = this.querySelector('[data-status]')
      if (status) status.textContent = sentence
    })
    this.isBusy = false
    if (isCounted) location.assign(this.dataset.done ?? location.href)
  }
}

/** As the call takes them; undefined where the form says too little. */
function answersOf(form: FormData): object | undefined {
  const knows = form.get('knows')
  if (knows !== 'yes' && knows !== 'no') return undefined
  const grade = (name: string) => knows === 'yes' && form.get(name) ? Number(form.get(name)) : null
  return { knows: knows === 'yes', ...Object.fromEntries(grades.map(name => [name, grade(name)])), comment: String(form.get('comment') ?? '') }
}

customElements.define('enhance-ballot', BallotForm)
