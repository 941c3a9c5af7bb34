// <enhance-upload-file>: sends the chosen files one after another to the page's own address, shows how far it is, and tries again
// when the network was lost. Without script the form sends one file a request.
const triesPerFile = 8
const longestWaitMilliseconds = 15_000

class UploadFile extends HTMLElement {
  private readonly input = this.querySelector<HTMLInputElement>('input[type=file]')
  private readonly status = this.querySelector('[data-upload] [role=status]')
  private readonly bar = this.querySelector('progress')

  connectedCallback() {
    const { input } = this
    if (!input) return
    input.multiple = true
    this.querySelector('[data-upload]')?.removeAttribute('hidden')
    input.addEventListener('change', () => this.clear())
    // Before anybody else who looks at the form.
    this.addEventListener('submit', (event) => {
      if (event.target !== input.form || !input.files?.length) return
      event.preventDefault()
      event.stopPropagation()
      void this.sendAll(input, event.submitter)
    }, { capture: true })
  }

  /** Another file is chosen: what was said about the one before is over. */
  private clear() {
    this.say()
    this.querySelector('#files > [role=status]')?.remove()
    this.querySelector('.field.wrong:has([type=file])')?.classList.remove('wrong')
    this.querySelector('#file-error')?.remove()
    this.input?.removeAttribute('aria-invalid')
    this.querySelector('.error-summary')?.remove()
  }

  private async sendAll(input: HTMLInputElement, submitter: HTMLElement | null) {
    const buttons = this.querySelectorAll('button')
    this.clear()
    const refused: string[] = []
    let waiting = [...input.files ?? []]
    const count = waiting.length
    buttons.forEach((button) => { button.disabled = true })
    try {
      for (const [index, file] of waiting.entries()) {
        this.say(`${this.dataset.sending} ${index + 1}/${count}`)
        const sentence = file.size > Number(this.dataset.max) ? this.dataset.large : await this.send(file, input.form)
        if (sentence) refused.push(`${index + 1}: ${sentence}`)
        waiting = waiting.filter(other => other !== file)
      }
      this.say(refused.join('\n') || this.dataset.added)
    }
    catch {
      this.say(this.dataset.failed)
    }
    // What did not get through stays chosen.
    const left = new DataTransfer()
    waiting.forEach(file => left.items.add(file))
    input.files = left.files
    this.bar?.setAttribute('hidden', '')
    buttons.forEach((button) => { button.disabled = false })
    if (!waiting.length && !refused.length && submitter?.getAttribute('value') !== 'add') input.form?.requestSubmit(submitter)
  }

  /** Sends one file until the server has answered; gives its sentence if it refused. @throws when the network stays away */
  private async send(file: File, form: HTMLFormElement | null): Promise<string | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        return this.read(await this.post(file, form))
      }
      catch (lost) {
        if (tries === triesPerFile) throw lost
        this.say(this.dataset.lost)
        await new Promise((resolve) => {
          addEventListener('online', resolve, { once: true })
          setTimeout(resolve, Math.min(1000 * 2 ** tries, longestWaitMilliseconds))
        })
      }
    }
  }

  private post(file: File, form: HTMLFormElement | null): Promise<XMLHttpRequest> {
    return new Promise((resolve, reject) => {
      const body = new FormData(form ?? undefined)
      body.set('act', 'add')
      body.set('file', file)
      const request = new XMLHttpRequest()
      request.responseType = 'document'
      request.open('POST', form?.action ?? '')
      this.bar?.removeAttribute('hidden')
      request.upload.onprogress = ({ loaded, total }) => { if (this.bar) this.bar.value = loaded / total }
      request.onload = () => resolve(request)
      request.onerror = reject
      request.send(body)
    })
  }

  /** The answer is the page itself: with the list, or with what is wrong. */
  private read({ status, response, responseURL }: XMLHttpRequest): string | undefined {
    const page = response instanceof Document ? response : undefined
    const list = page?.querySelector('#files')
    if (status === 200 && !list) location.assign(responseURL)
    if (status === 200 && list) {
      list.querySelector('[role=status]')?.remove() // ours says it
      this.querySelector('#files')?.replaceWith(list)
    }
    return status === 200 ? undefined : (page?.querySelector('.error-summary li') ?? page?.querySelector('h1'))?.textContent.trim() ?? this.dataset.failed
  }

  private say(sentence = '') { if (this.status) this.status.textContent = sentence }
}

customElements.define('enhance-upload-file', UploadFile)
