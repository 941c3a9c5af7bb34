// <enhance-receipt data-text="…">: buttons that copy and print the receipt. The report is sent: nothing of it stays on the device.
class Receipt extends HTMLElement {
  connectedCallback() {
    localStorage.removeItem('linli-draft')
    this.removeAttribute('hidden')
    const copy = this.querySelector<HTMLButtonElement>('[data-copy]')
    copy?.toggleAttribute('hidden', !navigator.clipboard)
    copy?.addEventListener('click', () => {
      void navigator.clipboard.writeText(this.dataset.text ?? '').then(() => {
        const status = this.querySelector('[role=status]')
        if (status) status.textContent = this.dataset.copied ?? ''
      })
    })
    this.querySelector('[data-print]')?.addEventListener('click', () => window.print())
  }
}

customElements.define('enhance-receipt', Receipt)
