import { cannotSay } from './cannot-say.ts'
import type { Answer, Answers, Question } from './definition.ts'

/** How somebody came to answer: by a personal link, by a ballot, or by the open page. The last one is shown apart (RULES E1). */
type ResponseSource = 'invited' | 'ballot' | 'open'
export interface CountedResponse { community: string | null, source: ResponseSource, answers: Answers }

/** The answers that a question is counted by: options, points of the scale, bands of a number. A text has none. */
export function categoriesOf(question: Question): string[] {
  switch (question.kind) {
    case 'single': case 'multi': case 'matrix': return question.options.map(({ code }) => code)
    case 'scale': return Array.from({ length: question.to - question.from + 1 }, (_, step) => String(question.from + step))
    case 'number': return question.bands.length === 0 ? [] : [question.min, ...question.bands].map(String)
    case 'text': return []
  }
}

/** The categories that an answer is counted in: none of a text, several of a choice of several. A band is named by its lower end. */
export function categoriesOfAnswer(question: Question, answer: Exclude<Answer, null>, row?: string): string[] {
  switch (question.kind) {
    case 'multi': return Array.isArray(answer) ? answer : []
    case 'matrix': return row !== undefined && typeof answer === 'object' && !Array.isArray(answer) && answer[row] !== undefined ? [answer[row]] : []
    case 'number': return typeof answer === 'number' ? categoriesOf(question).filter(lower => Number(lower) <= answer).slice(-1) : []
    case 'single': case 'scale': return [String(answer)]
    case 'text': return []
  }
}

/** Who cannot say stands beside the valid answers, never among them; who passed a question over is counted nowhere. */
function kindOf(answer: Answer, row: string | undefined): 'valid' | 'cannotSay' | 'passedOver' {
  if (answer === cannotSay) return 'cannotSay'
  const said = row === undefined || answer === null || typeof answer !== 'object' || Array.isArray(answer) ? answer : answer[row] ?? null
  return said === null ? 'passedOver' : said === cannotSay ? 'cannotSay' : 'valid'
}

/**
 * One question by community: a row for each of `communities`, a column for each category and a last one for `cannot_say`, each answer in exactly one cell; ready
 * for `controlCrossTable`. Whoever passed the question over, or is of none of them, is in no cell. Of a choice of several ask `crossOption`.
 */
export function crossByCommunity(question: Question, responses: readonly CountedResponse[], communities: readonly string[], row?: string): { columns: string[], cells: number[][] } {
  const columns = [...categoriesOf(question), ...question.kind !== 'text' && question.hasCannotSay ? [cannotSay] : []]
  return { columns, cells: cross(columns, responses, communities, ({ answers }) => columnOf(question, answers[question.code], row)) }
}

/** One option of a question with several choices by community: who chose it, who chose others, who cannot say. */
export function crossOption(question: Extract<Question, { kind: 'multi' }>, option: string, responses: readonly CountedResponse[], communities: readonly string[]): { columns: string[], cells: number[][] } {
  const columns = ['chosen', 'not_chosen', ...question.hasCannotSay ? [cannotSay] : []]
  return {
    columns, cells: cross(columns, responses, communities, ({ answers }) => {
      const answer = answers[question.code]
      return Array.isArray(answer) ? (answer.includes(option) ? 'chosen' : 'not_chosen') : columnOf(question, answer)
    }),
  }
}

function columnOf(question: Question, answer: Answer | undefined, row?: string): string | undefined {
  if (answer === undefined || answer === null) return undefined
  return kindOf(answer, row) === 'cannotSay' ? cannotSay : categoriesOfAnswer(question, answer, row)[0]
}

function cross(columns: readonly string[], responses: readonly CountedResponse[], communities: readonly string[], columnOfResponse: (response: CountedResponse) => string | undefined): number[][] {
  const cells = communities.map(() => columns.map(() => 0))
  for (const response of responses) {
    const line = cells[communities.indexOf(response.community ?? '')]
    const column = columns.indexOf(columnOfResponse(response) ?? '')
    if (line && column >= 0) line[column] = (line[column] ?? 0) + 1
  }
  return cells
}
