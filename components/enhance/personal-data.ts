// <enhance-personal-data data-found data-kinds>: says, while somebody writes a text for the public, what in it looks like a person's data. The hint says it without script.
import { findPersonalData } from '#shared/trust/personal-data'

const pauseMs = 400

class PersonalDataWarning extends HTMLElement {
  private readonly kinds = JSON.parse(this.dataset.kinds ?? '{}') as Record<string, string>
  private timer = 0

  connectedCallback() {
    this.querySelector('textarea')?.addEventListener('input', () => {
      clearTimeout(this.timer)
      // A screen reader is told once, not with each letter.
      this.timer = window.setTimeout(() => this.say(), pauseMs)
    })
    this.say()
  }

  private say() {
    const found = findPersonalData(this.querySelector('textarea')?.value ?? '')
    const said = found.length ? (this.dataset.found ?? '').replace('{list}', () => found.map(({ kind, text }) => `${this.kinds[kind] ?? ''} “${text}”`).join(' · ')) : ''
    const status = this.querySelector('[data-finding]')
    if (status && status.textContent !== said) status.textContent = said
  }
}

customElements.define('enhance-personal-data', PersonalDataWarning)
