import type { Question, SurveyDefinition } from './definition.ts'

/* Changes that the builder makes to a survey. A branch that would lead nowhere goes with what it was about. */

export const questionKinds = ['single', 'multi', 'scale', 'matrix', 'number', 'text'] as const
type Words = { zh: string, en: string }
const none = (): Words => ({ zh: '', en: '' })

/** A code that nothing of the list has: `question_3` after `question_1` and `question_2`. @param base what it begins with */
export function freeCode(base: string, taken: readonly string[]): string {
  for (let number = taken.length + 1; ; number++) if (!taken.includes(`${base}_${number}`)) return `${base}_${number}`
}

/** A question of a kind, still without words. */
export function blankQuestion(kind: Question['kind'], taken: readonly string[]): Question {
  const common = { code: freeCode('question', taken), label: none(), isRequired: false, branches: [] }
  const options = [1, 2].map(number => ({ code: `option_${number}`, label: none() }))
  switch (kind) {
    case 'single': case 'multi': return { ...common, kind, hasCannotSay: true, options }
    case 'scale': return { ...common, kind, hasCannotSay: true, from: 1, to: 5, low: none(), high: none() }
    case 'matrix': return { ...common, kind, hasCannotSay: true, options, rows: [1, 2].map(number => ({ code: `row_${number}`, label: none() })) }
    case 'number': return { ...common, kind, hasCannotSay: false, min: 0, max: 100, isWhole: true, bands: [] }
    case 'text': return { ...common, kind, maxLength: 500 }
  }
}

/** Puts a question at the end, or after a place. Of the bank it leaves its branches behind: they name questions that need not be here. */
export function addQuestion(survey: SurveyDefinition, question: Question, after = survey.questions.length - 1): SurveyDefinition {
  return { ...survey, questions: survey.questions.toSpliced(after + 1, 0, { ...question, branches: [] }) }
}

/** Moves a question one place. Its branches stay; the check says where one would now lead back. */
export function moveQuestion(survey: SurveyDefinition, at: number, by: -1 | 1): SurveyDefinition {
  const [moved, place] = [survey.questions[at], at + by]
  if (!moved || place < 0 || place >= survey.questions.length) return survey
  return { ...survey, questions: survey.questions.toSpliced(at, 1).toSpliced(place, 0, moved) }
}

/** Takes a question out, with every branch that leads to it or asks about it. */
export function removeQuestion(survey: SurveyDefinition, at: number): SurveyDefinition {
  const code = survey.questions[at]?.code
  return { ...survey, questions: survey.questions.toSpliced(at, 1).map(question => ({ ...question, branches: question.branches.filter(branch => branch.goTo !== code && branch.if.question !== code) })) }
}

/** Puts a changed question in its place. An option that is gone takes the branches that ask for it along, and its part in the headline. */
export function changeQuestion(survey: SurveyDefinition, at: number, changed: Question): SurveyDefinition {
  const options = 'options' in changed ? changed.options.map(({ code }) => code) : undefined
  const isThere = (value: unknown) => options === undefined || typeof value !== 'string' || value === 'cannot_say' || options.includes(value)
  const headline = 'headline' in changed && changed.headline && options ? changed.headline.filter(code => options.includes(code)) : undefined
  const kept = headline === undefined ? changed : { ...changed, headline: headline.length ? headline : undefined } as Question
  return {
    ...survey, questions: survey.questions.map((question, index) => {
      const own = index === at ? kept : question
      return { ...own, branches: own.branches.filter(branch => branch.if.question !== changed.code || isThere(branch.if.value)) }
    }),
  }
}
