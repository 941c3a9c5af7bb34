import { cannotSay } from './cannot-say.ts'
import type { Answer, Question } from './definition.ts'

export const answerProblems = ['required', 'unknown_option', 'too_many', 'chosen_alone', 'not_a_number', 'not_whole', 'out_of_range', 'incomplete', 'too_long'] as const
export type CheckedAnswer = { ok: true, answer: Answer } | { ok: false, code: (typeof answerProblems)[number] }

const right = (answer: Answer): CheckedAnswer => ({ ok: true, answer })
const wrong = (code: (typeof answerProblems)[number]): CheckedAnswer => ({ ok: false, code })
const isEmpty = (raw: unknown) => raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '') || (Array.isArray(raw) && raw.length === 0)

/**
 * One answer from outside, from JSON or from a form (where numbers are text and a single choice of several is no list).
 * Nothing given is null where the question may be passed over.
 */
export function checkAnswer(question: Question, raw: unknown): CheckedAnswer {
  if (isEmpty(raw)) return question.isRequired ? wrong('required') : right(null)
  if (raw === cannotSay && question.kind !== 'text') return question.hasCannotSay ? right(cannotSay) : wrong('unknown_option')
  switch (question.kind) {
    case 'single': return isOption(question, raw) ? right(raw) : wrong('unknown_option')
    case 'multi': return checkMulti(question, raw)
    case 'scale': return checkNumber(raw, question.from, question.to, true)
    case 'number': return checkNumber(raw, question.min, question.max, question.isWhole)
    case 'matrix': return checkMatrix(question, raw)
    case 'text': return typeof raw !== 'string' ? wrong('unknown_option') : [...raw.trim()].length > question.maxLength ? wrong('too_long') : right(raw.trim())
  }
}

const isOption = (question: { options: readonly { code: string }[] }, raw: unknown): raw is string => question.options.some(({ code }) => code === raw)

function checkMulti(question: Extract<Question, { kind: 'multi' }>, raw: unknown): CheckedAnswer {
  const given: unknown[] = [...new Set(Array.isArray(raw) ? raw : [raw])]
  if (!given.every(each => isOption(question, each))) return wrong('unknown_option')
  const chosen = question.options.filter(({ code }) => given.includes(code))
  if (chosen.length > 1 && chosen.some(({ isAlone }) => isAlone)) return wrong('chosen_alone')
  if (question.atMost !== undefined && chosen.length > question.atMost) return wrong('too_many')
  return right(chosen.map(({ code }) => code))
}

function checkNumber(raw: unknown, min: number, max: number, isWhole: boolean): CheckedAnswer {
  const value = typeof raw === 'number' ? raw : typeof raw === 'string' && /^-?\d{1,15}(\.\d{1,6})?$/.test(raw.trim()) ? Number(raw) : NaN
  if (!Number.isFinite(value)) return wrong('not_a_number')
  if (isWhole && !Number.isInteger(value)) return wrong('not_whole')
  return value < min || value > max ? wrong('out_of_range') : right(value)
}

/** Rows that were passed over stay out; a required matrix needs each of them. */
function checkMatrix(question: Extract<Question, { kind: 'matrix' }>, raw: unknown): CheckedAnswer {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return wrong('unknown_option')
  const given = Object.entries(raw).filter(([, value]) => !isEmpty(value))
  const isKnown = ([row, value]: [string, unknown]) => question.rows.some(({ code }) => code === row) && (isOption(question, value) || (value === cannotSay && question.hasCannotSay))
  if (!given.every(isKnown)) return wrong('unknown_option')
  if (question.isRequired && given.length < question.rows.length) return wrong('incomplete')
  const byRow = new Map<string, string>(given.flatMap(([row, value]) => typeof value === 'string' ? [[row, value]] : []))
  return right(byRow.size === 0 ? null : Object.fromEntries(question.rows.flatMap(({ code }) => byRow.has(code) ? [[code, byRow.get(code) ?? '']] : [])))
}
