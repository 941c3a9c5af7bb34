// On the page of a survey for whoever has a ballot: the answers that <enhance-survey> hands over go with a ballot that is made here (ballot/cast-ballot.ts).
import { canCast, castBallot } from './ballot/cast-ballot'
import type { FinishedSurvey } from './survey'

const element = document.querySelector<HTMLElement>('enhance-survey')
const [key, spki] = [element?.dataset.key, element?.dataset.spki]

if (element && key && spki && canCast()) {
  element.querySelector('[data-without-script]')?.remove()
  element.addEventListener('survey-finished', (event) => {
    event.preventDefault()
    const { path, answers, partial, tell, done } = (event as CustomEvent<FinishedSurvey>).detail
    void castBallot({ key, spki, pass: element.dataset.pass }, { path, body: ballot => ({ ballot, answers, partial }) }, element.dataset, tell).then(done)
  })
}
