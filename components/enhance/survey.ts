// <enhance-survey data-survey data-definition data-words …>: a survey goes from question to question on the phone, where the answers rest until they are sent or
// forgotten; with a ballot or a link they go without cookies. Without this script each step is a form of its own.
import type { Answers, SurveyDefinition } from '#shared/surveys/definition'
import { answersInWords, takeStep, theCheck, theStart, type FormValues, type SentStep, type SurveyStep } from '#shared/surveys/take-step'
import { walk } from '#shared/surveys/walk'

/** Handed to whoever sends it in its own way (survey-ballot.ts). */
export interface FinishedSurvey { path: string, answers: Answers, partial: boolean, tell: (sentence: string) => void, done: (isCounted: boolean) => void }

class SurveyForm extends HTMLElement {
  private readonly form = this.querySelector('form')
  private readonly definition = JSON.parse(this.dataset.definition ?? '{"questions":[]}') as SurveyDefinition
  private readonly words = JSON.parse(this.dataset.words ?? '{}') as Record<string, string>
  private readonly locale = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
  private readonly name = `linli-survey-${this.dataset.survey ?? ''}`
  private step: SurveyStep = { at: theStart, answers: {}, isPartial: false }
  private isBusy = false

  connectedCallback() {
    const left = this.read()
    // A page that the server has shown again (something was refused) goes on from there.
    if (this.dataset.at !== theStart) this.step = { at: this.dataset.at ?? theStart, answers: JSON.parse(this.hiddenField('soFar')?.value || '{}') as Answers, isPartial: this.hiddenField('partial')?.value === '1' }
    else if (left) {
      this.step = left
      this.show(false)
    }
    this.form?.addEventListener('submit', event => this.take(event))
    this.querySelector('[data-forget]')?.addEventListener('click', () => {
      this.forget()
      this.step = { at: theStart, answers: {}, isPartial: false }
      this.form?.reset()
      this.show(true)
    })
    this.note()
  }

  private take(event: SubmitEvent) {
    const go = (event.submitter as HTMLButtonElement | null)?.value
    const way: SentStep['go'] = go === 'back' || go === 'stop' ? go : 'next'
    if (this.step.at === theCheck && way === 'next') return this.finish(event)
    event.preventDefault()
    const taken = takeStep(this.definition, { at: this.step.at, soFar: this.step.answers, go: way }, this.values())
    if ('errors' in taken) return this.refuse(Object.values(taken.errors).map(error => this.words[error?.key.split('.').pop() ?? ''] ?? '').join(' '))
    this.step = taken.step
    this.keep()
    this.show(true)
  }

  private finish(event: SubmitEvent) {
    const { answers, isPartial: partial } = this.step
    this.set('at', theCheck)
    this.set('soFar', JSON.stringify(answers))
    this.set('partial', partial ? '1' : '')
    const detail: FinishedSurvey = {
      path: `/api/surveys/${this.dataset.survey ?? ''}/responses`, answers, partial, tell: sentence => this.tell(sentence),
      done: (isCounted) => {
        this.isBusy = false
        if (!isCounted) return
        this.forget()
        location.assign(this.dataset.done ?? location.href)
      },
    }
    if (this.isBusy) return event.preventDefault()
    if (!this.dispatchEvent(new CustomEvent('survey-finished', { detail, cancelable: true }))) {
      event.preventDefault()
      this.isBusy = true
    }
    else if (this.dataset.link) {
      event.preventDefault()
      this.isBusy = true
      void this.sendByLink(detail, this.dataset.link)
    }
    else this.forget() // the form goes as it is
  }

  /** A link says whose turn it is and nothing else: no cookie goes with it. */
  private async sendByLink({ path, answers, partial, tell, done }: FinishedSurvey, token: string) {
    try {
      tell(this.dataset.sending ?? '')
      const answer = await fetch(`${path}?locale=${this.locale}`, { method: 'POST', credentials: 'omit', referrerPolicy: 'no-referrer', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token, answers, partial }), signal: AbortSignal.timeout(20_000) })
      if (!answer.ok) tell(answer.status >= 500 ? this.dataset.away ?? '' : ((await answer.json()) as { detail?: string }).detail ?? '')
      done(answer.ok)
    }
    catch {
      tell(this.dataset.away ?? '')
      done(false)
    }
  }

  private values(): FormValues {
    const values: Record<string, string[]> = {}
    for (const [name, value] of new FormData(this.form ?? undefined)) if (typeof value === 'string') (values[name] ??= []).push(value)
    return values
  }

  private show(isMoved: boolean) {
    const { at, answers } = this.step
    for (const part of this.querySelectorAll<HTMLElement & { disabled?: boolean }>('[data-step]')) {
      const isNow = part.dataset.step === at
      part.hidden = !isNow
      if ('disabled' in part) part.disabled = !isNow
      part.querySelector('[data-problem]')?.remove()
      if (isNow) {
        this.fill(part)
        if (isMoved) this.focusOn(part)
      }
    }
    for (const button of this.querySelectorAll<HTMLElement>('[data-at]')) button.hidden = !(button.dataset.at ?? '').split(' ').includes(at === theStart || at === theCheck ? at : 'question')
    const progress = this.querySelector<HTMLElement>('[data-progress]')
    const number = walk(this.definition, answers).path.findIndex(({ code }) => code === at) + 1
    if (progress) {
      progress.hidden = number === 0
      progress.textContent = (this.words.progress ?? '').replace('{number}', String(number)).replace('{total}', String(this.definition.questions.length))
    }
    if (at === theCheck) this.list(answersInWords(this.definition, answers, this.locale, { cannotSay: this.words.cannot_say ?? '', passedOver: this.words.passed_over ?? '' }))
    this.tell('')
    this.note()
  }

  /** What was answered before stands in the fields again. */
  private fill(part: HTMLElement) {
    const answer = this.step.answers[part.dataset.step ?? '']
    if (answer === undefined || answer === null) return
    for (const field of part.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')) {
      const row = field.name.split('-')[2]
      const chosen: unknown = row === undefined ? answer : (answer as Record<string, string>)[row]
      const isChosen = Array.isArray(chosen) ? chosen.includes(field.value) : String(chosen) === field.value
      if (field instanceof HTMLInputElement && (field.type === 'radio' || field.type === 'checkbox')) field.checked = isChosen
      else if (chosen !== 'cannot_say') field.value = String(chosen)
    }
  }

  private list(lines: { question: string, answer: string }[]) {
    const list = this.querySelector('[data-answers]')
    list?.replaceChildren(...lines.map(({ question, answer }) => {
      const line = document.createElement('div')
      for (const [tag, text] of [['dt', question], ['dd', answer]] as const) line.append(Object.assign(document.createElement(tag), { textContent: text }))
      return line
    }))
  }

  private refuse(sentence: string) {
    const part = this.querySelector(`[data-step="${this.step.at}"]`)
    part?.querySelector('[data-problem]')?.remove()
    const problem = Object.assign(document.createElement('p'), { className: 'error', textContent: sentence, tabIndex: -1 })
    problem.setAttribute('role', 'alert')
    problem.dataset.problem = ''
    part?.prepend(problem)
    problem.focus()
  }

  private focusOn(part: HTMLElement) {
    const heading = part.querySelector<HTMLElement>('h2, legend, label')
    heading?.setAttribute('tabindex', '-1')
    heading?.focus({ preventScroll: true })
    this.scrollIntoView({ block: 'start' })
  }

  private tell(sentence: string) {
    const status = this.querySelector('[data-status]')
    if (status) status.textContent = sentence
  }

  private note() {
    const kept = this.querySelector<HTMLElement>('[data-kept]')
    if (kept) kept.hidden = this.read() === undefined
  }

  private hiddenField(name: string) { return this.form?.querySelector<HTMLInputElement>(`input[type=hidden][name=${name}]`) }
  private set(name: string, value: string) {
    const field = this.hiddenField(name)
    if (field) field.value = value
  }

  private read(): SurveyStep | undefined {
    try {
      const kept = JSON.parse(localStorage.getItem(this.name) ?? 'null') as SurveyStep | null
      return kept && (kept.at === theCheck || this.definition.questions.some(({ code }) => code === kept.at)) ? kept : undefined
    }
    catch {
      return undefined
    }
  }

  private keep() {
    try {
      localStorage.setItem(this.name, JSON.stringify(this.step))
    }
    catch {
      // Storage is full or forbidden: it lasts as long as this page.
    }
  }

  private forget() {
    try {
      localStorage.removeItem(this.name)
    }
    catch {
      // It kept nothing.
    }
  }
}

customElements.define('enhance-survey', SurveyForm)
