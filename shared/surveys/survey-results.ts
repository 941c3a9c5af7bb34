import { z } from 'zod'
import { publishedRate } from '../trust/disclosure-control.ts'
import { definitionSchema, type Question, type SurveyDefinition } from './definition.ts'
import { listedSurveySchema } from './survey-schema.ts'

/* What a survey found, as it is kept (after disclosure control) and as a page and the open data show it. */

const hiddenOr = z.number().nullable()
const crossTable = z.object({ rows: z.array(z.object({ rows: z.array(z.number()), cells: z.array(z.number()), base: z.number() })), columns: z.array(z.number()), base: z.number() })
export const surveyCountsSchema = z.object({
  version: z.literal(1), communities: z.array(z.uuid()),
  turnout: z.object({ base: hiddenOr, count: hiddenOr }).meta({ description: 'How many might have answered by ballot or link, and who did' }),
  open: hiddenOr, marks: z.object({ network: hiddenOr, staff: hiddenOr, burst: hiddenOr }),
  tables: z.array(z.object({ question: z.string(), row: z.string().optional(), option: z.string().optional(), columns: z.array(z.string()), counted: crossTable.nullable(), open: crossTable.nullable(), weighted: z.array(z.number()).nullable() })),
  weights: z.object({
    isMet: z.boolean(), effectiveSize: z.number(), largestGap: z.number(), ages: z.array(z.object({ ageFrom: z.number(), weight: hiddenOr })), communities: z.array(z.object({ community: z.uuid(), weight: hiddenOr })),
  }).nullable(),
})
export type SurveyCounts = z.infer<typeof surveyCountsSchema>
export type PublishedTable = SurveyCounts['tables'][number]

const rate = z.object({ percent: z.number(), low: z.number(), high: z.number() }).nullable()
const share = z.object({ answer: z.string(), count: z.number(), rate })
const answersOfSome = z.object({ base: z.number(), shares: z.array(share) }).nullable()
export const surveyResultsSchema = z.object({
  survey: listedSurveySchema.extend({ definition: definitionSchema }),
  releasedAt: z.string().nullable().meta({ format: 'date-time', description: 'null: nothing is out yet' }),
  turnout: z.object({ base: hiddenOr, count: hiddenOr, rate }).nullable(), open: hiddenOr, marks: surveyCountsSchema.shape.marks.nullable(), weights: z.object({
    isMet: z.boolean(), effectiveSize: z.number(), largestGap: z.number(), ages: z.array(z.object({ ageFrom: z.number(), weight: hiddenOr })), communities: z.array(z.object({ community: z.string(), weight: hiddenOr })),
  }).nullable(),
  questions: z.array(z.object({
    question: z.string(), row: z.string().nullable(), option: z.string().nullable(),
    counted: answersOfSome, open: answersOfSome, weighted: z.array(z.object({ answer: z.string(), percent: z.number() })).nullable(),
    communities: z.array(z.object({ communities: z.array(z.string()), base: z.number(), shares: z.array(share) })).meta({ description: 'Those who count, by community; small ones stand together' }),
    trend: z.array(z.object({ survey: z.uuid(), closedOn: z.iso.date(), base: hiddenOr, rate })).meta({ description: 'The share that is spoken of, of this and earlier rounds, oldest first' }),
  })),
})
export type SurveyResults = z.infer<typeof surveyResultsSchema>
export type ResultQuestion = SurveyResults['questions'][number]

interface Round { survey: string, closedOn: string, releasedAt: string, results: SurveyCounts }

/** Rounds as they are kept, newest first → what is shown of the first of them, with the others as its past. Rates come from rounded counts (RULES E3). */
export function arrangeSurvey(survey: SurveyResults['survey'], rounds: readonly Round[]): SurveyResults {
  const own = rounds.find(round => round.survey === survey.id)
  const slugOf = (id: string) => survey.communities.find(community => community.id === id)?.slug ?? ''
  if (!own) return { survey, releasedAt: null, turnout: null, open: null, marks: null, weights: null, questions: [] }
  const { turnout, open, marks, weights, tables, communities } = own.results
  return {
    survey, releasedAt: own.releasedAt, turnout: { ...turnout, rate: publishedRate(turnout) ?? null }, open, marks,
    weights: weights && { ...weights, communities: weights.communities.map(({ community, weight }) => ({ community: slugOf(community), weight })) },
    questions: tables.map(table => ({
      question: table.question, row: table.row ?? null, option: table.option ?? null,
      counted: table.counted && sharesOf(table.columns, table.counted.columns, table.counted.base), open: table.open && sharesOf(table.columns, table.open.columns, table.open.base),
      weighted: table.weighted && table.columns.map((answer, column) => ({ answer, percent: table.weighted?.[column] ?? 0 })),
      communities: table.counted ? table.counted.rows.map(({ rows, cells, base }) => ({ communities: rows.flatMap(row => communities[row] ? [slugOf(communities[row])] : []), ...sharesOf(table.columns, cells, base) })) : [],
      trend: trendOf(table, survey.definition, rounds),
    })),
  }
}

const sharesOf = (answers: readonly string[], counts: readonly number[], base: number) => ({ base, shares: answers.map((answer, column) => ({ answer, count: counts[column] ?? 0, rate: publishedRate({ base, count: counts[column] ?? 0 }) ?? null })) })

const isSame = (a: PublishedTable) => (b: PublishedTable) => a.question === b.question && a.row === b.row && a.option === b.option && a.columns.join() === b.columns.join()

/** Only rounds that asked the same and offered the same answers are compared. */
function trendOf(table: PublishedTable, { questions }: SurveyDefinition, rounds: readonly Round[]): ResultQuestion['trend'] {
  const headline = headlineOf(questions.find(({ code }) => code === table.question), table)
  if (!headline) return []
  return rounds.flatMap(({ survey, closedOn, results }) => {
    const found = results.tables.find(isSame(table))
    if (!found) return []
    const figure = found.counted ? { base: found.counted.base, count: found.columns.reduce((sum, answer, column) => sum + (headline.includes(answer) ? found.counted?.columns[column] ?? 0 : 0), 0) } : { base: null, count: null }
    return [{ survey, closedOn, base: figure.base, rate: publishedRate(figure) ?? null }]
  }).toReversed()
}

/** The answers that are spoken of together; of an option of several: that it was chosen. */
function headlineOf(question: Question | undefined, { option }: PublishedTable): readonly string[] | undefined {
  if (option !== undefined) return ['chosen']
  return question && 'headline' in question ? question.headline : undefined
}

export const resultColumns = ['question', 'row', 'answer', 'who', 'communities', 'count', 'base', 'percent', 'low', 'high', 'weighted_percent'] as const

/** The same figures as lines of a table, one for each share: of those who count (all, then by community) and of open answers. A hidden table has no line. */
export function resultRows({ questions }: SurveyResults): (string | number | null)[][] {
  return questions.flatMap((table) => {
    const lines = (who: string, communities: string, some: { base: number, shares: readonly z.infer<typeof share>[] } | null) => (some?.shares ?? []).map(({ answer, count, rate: of }) => [
      table.question, table.row, table.option === null ? answer : `${table.option}:${answer}`, who, communities, count, some?.base ?? null, of?.percent ?? null, of?.low ?? null, of?.high ?? null,
      who === 'counted' && communities === '' ? table.weighted?.find(weighted => weighted.answer === answer)?.percent ?? null : null,
    ])
    return [...lines('counted', '', table.counted), ...table.communities.flatMap(some => lines('counted', some.communities.join(' '), some)), ...lines('open', '', table.open)]
  })
}
