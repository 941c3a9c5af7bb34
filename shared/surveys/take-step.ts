import type { FieldErrors } from '../errors.ts'
import { checkAnswer } from './answers.ts'
import { cannotSay } from './cannot-say.ts'
import type { Answer, Answers, Question, SurveyDefinition } from './definition.ts'
import { answersOnPath, walk } from './walk.ts'

/* Steps through a survey, the same on the server and in the page's script. */

/** Where somebody is: before the first question, at one, or at the check of all answers. */
export interface SurveyStep { at: string, answers: Answers, isPartial: boolean }
export const theStart = 'start'
export const theCheck = 'check'

/** A form's fields as they were sent. */
export type FormValues = Readonly<Record<string, string | string[] | undefined>>
/** What a step sends beside the question's own fields (`fieldOf`). */
export interface SentStep { at: string, soFar: Answers, go: 'next' | 'back' | 'stop' }

/** The name of a question's field, of a matrix for each row. */
export const fieldOf = (code: string, row?: string): string => row === undefined ? `q-${code}` : `q-${code}-${row}`

/** What a form says to a question, unchecked: as `checkAnswer` takes it. */
export function rawAnswer(question: Question, values: FormValues): unknown {
  if (question.kind === 'matrix') return Object.fromEntries(question.rows.map(({ code }) => [code, [values[fieldOf(question.code, code)] ?? []].flat()[0]]))
  const given = [values[fieldOf(question.code)] ?? []].flat().filter(value => value !== '')
  if (given.includes(cannotSay)) return cannotSay
  return question.kind === 'multi' ? given : given[0]
}

/** One step on or back: where it leads and what was answered by then, or what is wrong with the answer. */
export function takeStep(definition: SurveyDefinition, { at, soFar: answers, go }: SentStep, values: FormValues): { step: SurveyStep } | { errors: FieldErrors } {
  const question = definition.questions.find(({ code }) => code === at)
  const [first] = definition.questions
  if (!question) return { step: { at: at === theCheck && go === 'back' ? lastOf(definition, answers) : first?.code ?? theCheck, answers, isPartial: false } }
  const checked = checkAnswer(question, rawAnswer(question, values))
  if (go === 'next' && !checked.ok) return { errors: { [errorField(question)]: { key: `surveys.answer.${checked.code}` } } }
  const next: Answers = { ...answers }
  // Whoever goes back or stops leaves an unfinished answer behind.
  if (checked.ok) next[at] = checked.answer
  else Reflect.deleteProperty(next, at)
  if (go === 'stop') return { step: { at: theCheck, answers: next, isPartial: true } }
  const { path } = walk(definition, next)
  const place = path.findIndex(({ code }) => code === at)
  if (go === 'back') return { step: { at: path[place - 1]?.code ?? theStart, answers: next, isPartial: false } }
  return { step: { at: path[place + 1]?.code ?? theCheck, answers: next, isPartial: false } }
}

const lastOf = (definition: SurveyDefinition, answers: Answers) => walk(definition, answers).path.at(-1)?.code ?? theStart

/** The field that the summary of what is wrong leads to. */
export const errorField = (question: Question): string => question.kind === 'matrix' ? fieldOf(question.code, question.rows[0]?.code) : fieldOf(question.code)

/** The answers on their way, in words of the page's language, to be checked before they are sent. */
export function answersInWords(definition: SurveyDefinition, answers: Answers, locale: 'zh' | 'en', words: { cannotSay: string, passedOver: string }): { code: string, question: string, answer: string }[] {
  const kept = answersOnPath(definition, answers)
  return definition.questions.flatMap(question => kept[question.code] === undefined ? [] : [{ code: question.code, question: question.label[locale], answer: answerInWords(question, kept[question.code] ?? null, locale, words) }])
}

function answerInWords(question: Question, answer: Answer, locale: 'zh' | 'en', words: { cannotSay: string, passedOver: string }): string {
  if (answer === null) return words.passedOver
  const labelOf = (code: string) => code === cannotSay ? words.cannotSay : ('options' in question && question.options.find(option => option.code === code)?.label[locale]) || code
  if (Array.isArray(answer)) return answer.map(labelOf).join(locale === 'zh' ? '、' : ', ')
  if (typeof answer === 'object') return question.kind === 'matrix' ? question.rows.flatMap(({ code, label }) => answer[code] === undefined ? [] : [`${label[locale]}${locale === 'zh' ? '：' : ': '}${labelOf(answer[code])}`]).join(locale === 'zh' ? '；' : '; ') : ''
  return labelOf(String(answer))
}
