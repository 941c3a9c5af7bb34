// <enhance-exit-page to="https://…" leaving="…">: leaves at once, by the button or by Shift three times within 5 seconds.
// Without script the form in it does the same in one more step.
const withinMilliseconds = 5000

class ExitPage extends HTMLElement {
  private presses: number[] = []

  connectedCallback() {
    this.querySelector('[hidden]')?.removeAttribute('hidden')
    this.querySelector('form')?.addEventListener('submit', (event) => {
      event.preventDefault()
      this.leave()
    })
    document.addEventListener('keydown', (event) => {
      if (event.repeat) return
      if (event.key !== 'Shift') return void (this.presses = [])
      this.presses = [...this.presses, event.timeStamp].filter(time => event.timeStamp - time < withinMilliseconds)
      if (this.presses.length === 3) this.leave()
    })
    // "Back" must not show the page again out of the browser's memory.
    window.addEventListener('pageshow', (event: PageTransitionEvent) => { if (event.persisted && this.hasLeft) this.leave() })
  }

  private get hasLeft() { return document.documentElement.dataset.left !== undefined }

  private leave() {
    document.documentElement.dataset.left = ''
    localStorage.clear() // also where the browser does not know Clear-Site-Data
    document.title = this.getAttribute('leaving') ?? ''
    const cover = Object.assign(document.createElement('div'), { className: 'exit-cover', textContent: this.getAttribute('leaving') })
    cover.setAttribute('role', 'alert')
    document.body.replaceChildren(cover, this)
    const form = this.querySelector('form')
    const go = () => location.replace(this.getAttribute('to') ?? '/')
    // The server forgets the draft and tells the browser to; do not wait for it long.
    if (form) void fetch(form.action, { method: 'POST', redirect: 'manual', keepalive: true }).finally(go)
    setTimeout(go, form ? 800 : 0)
  }
}

customElements.define('enhance-exit-page', ExitPage)
