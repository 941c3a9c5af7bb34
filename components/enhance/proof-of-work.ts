// <enhance-proof-of-work>: asks for a challenge and solves it while the answers are checked, in slices that leave the page free.
// The form waits for it, but not for long: without a solution the report is taken all the same, into a slower queue (RULES G2).
import { solveProof } from './proof/solve-proof.ts'

const waitMilliseconds = 12_000

class ProofOfWork extends HTMLElement {
  private work: Promise<void> | undefined
  private isWaiting = false

  connectedCallback() {
    this.work = this.solve().catch(() => undefined)
    // In the capture phase: before anybody else looks at the submit.
    this.addEventListener('submit', event => this.hold(event), { capture: true })
  }

  private get field() { return this.querySelector<HTMLInputElement>('input[name=altcha]') }

  private async solve() {
    const solved = await solveProof()
    if (solved && this.field) this.field.value = solved
  }

  private hold(event: Event) {
    if (this.field?.value || !this.work) return
    event.preventDefault()
    event.stopPropagation()
    if (this.isWaiting || !(event instanceof SubmitEvent)) return
    this.isWaiting = true
    const { submitter } = event
    const status = this.querySelector('[data-status]')
    if (status) status.textContent = this.dataset.checking ?? ''
    const limit = new Promise<void>(resolve => setTimeout(resolve, waitMilliseconds))
    void Promise.race([this.work, limit]).then(() => {
      this.work = undefined
      this.isWaiting = false
      if (status) status.textContent = ''
      this.querySelector('form')?.requestSubmit(submitter)
    })
  }
}

customElements.define('enhance-proof-of-work', ProofOfWork)
