import { controlCrossTable, type CrossTable } from '../trust/control-cross-table.ts'
import { controlTable, roundCount, smallestBase } from '../trust/disclosure-control.ts'
import { rake, weightCaps } from '../trust/raking.ts'
import type { Answer, Answers, Question, SurveyDefinition } from './definition.ts'
import type { PublishedTable, SurveyCounts } from './survey-results.ts'
import { categoriesOf, crossByCommunity, crossOption } from './tabulate.ts'

/*
  Counts a survey page by page and lets disclosure control decide what goes out (RULES E3). Answers that somebody vouches for (ballot or link) and open ones are two
  counts that never meet; open answers with the mark of a network or of the station's own devices count nowhere.
*/

export type ResponseSource = 'ballot' | 'invited' | 'open'
export interface KeptResponse { community: string | null, source: ResponseSource, marks: readonly string[], answers: Answers }
/** `residents` of a community whose age is `ageFrom` or more, up to the next band. */
export interface CensusCount { community: string, ageFrom: number, residents: number }

/** The age question of the bank; its bands are those of the census figures. */
const ageQuestion = 'age'
export const ageFroms = [16, 30, 45, 60] as const
export const leastWeighted = 100
/** Where an open answer says no community. */
const nowhere = ''

interface Table { question: Question, row?: string, option?: string, columns: string[], counted: number[][], open: number[][], byCell: Map<string, number[]> }

/** Counts of one survey, to which answers are added a page at a time. @param communities ids, in the order of the station */
export function surveyCounter({ questions }: SurveyDefinition, communities: readonly string[]) {
  const places = [...communities, nowhere]
  const tables = questions.flatMap(question => tablesOf(question, communities.length))
  const sizes = new Map<string, number>()
  const marks = { network: 0, staff: 0, burst: 0 }
  const answers = { counted: 0, open: 0, all: 0 }

  /** Adds one page. An answer counts in the table of each question that it was led to and did not pass over. */
  function add(page: readonly KeptResponse[]) {
    for (const response of page) {
      answers.all += 1
      for (const mark of response.marks) if (mark in marks) marks[mark as keyof typeof marks] += 1
      if (response.source !== 'open') answers.counted += 1
      else if (!isLeftOut(response)) answers.open += 1
    }
    const counts = page.filter(response => !isLeftOut(response)).map(response => ({ ...response, community: response.community ?? nowhere }))
    const [counted, open] = [counts.filter(({ source }) => source !== 'open'), counts.filter(({ source }) => source === 'open')]
    for (const table of tables) {
      addTo(table.counted, cellsOf(table, counted, communities))
      addTo(table.open, cellsOf(table, open, places))
    }
    for (const [cell, members] of byCell(counted)) {
      sizes.set(cell, (sizes.get(cell) ?? 0) + members.length)
      for (const table of tables) {
        const before = table.byCell.get(cell) ?? table.columns.map(() => 0)
        const more = columnSums(cellsOf(table, members, communities))
        table.byCell.set(cell, before.map((count, column) => count + (more[column] ?? 0)))
      }
    }
  }

  /** What may be published. @param eligible how many might have answered by ballot or link */
  function finish(eligible: number, census: readonly CensusCount[]): SurveyCounts {
    const weighed = weigh(sizes, communities, census)
    // Rows stand for communities, by their place; the last one of `open` for none.
    const published = tables.map<PublishedTable>(({ question, row, option, columns, counted, open: openCells, byCell: cells }) => {
      const control = option === undefined ? controlCrossTable : controlOption
      const table = control(counted)
      return {
        question: question.code, ...row !== undefined && { row }, ...option !== undefined && { option }, columns, counted: table, open: control(openCells),
        weighted: weighed && table && table.base >= leastWeighted ? weightedShares(cells, weighed.weightOf, table.base) : null,
      }
    })
    const turnout = controlTable([{ base: eligible, count: Math.min(eligible, answers.counted) }]).total
    return {
      version: 1, communities: [...communities], turnout: { base: turnout.base, count: turnout.count === null ? null : Math.min(turnout.base ?? 0, notBelow(turnout.count, published, 'counted')) },
      open: answers.open < smallestBase ? null : notBelow(roundCount(answers.open), published, 'open'),
      marks: Object.fromEntries(Object.entries(marks).map(([mark, count]) => [mark, answers.all < smallestBase ? null : roundCount(count)])) as SurveyCounts['marks'],
      tables: published, weights: weighed && { ...weighed.facts, ...shownWeights(published.find(({ question }) => question === ageQuestion), communities, census) },
    }
  }
  return { add, finish }
}

/**
 * Four answers of eight people each are shown as ten each: beside "30 answered" every one of them would have to be eight. How many answered is never said to be so
 * few that a number of a table, two more than it is shown, would not fit beside the others, each two fewer.
 */
const notBelow = (shown: number, tables: readonly PublishedTable[], who: 'counted' | 'open') => Math.max(shown, ...tables.map(table => fewest(table[who], table.option !== undefined)))

function fewest(table: CrossTable | null, isOption: boolean): number {
  const rounded = table?.rows.flatMap(({ cells: [first = 0, second = 0, ...others] }) => [...isOption ? [first + second] : [first, second], ...others]).filter(cell => cell > 0) ?? []
  return table ? Math.ceil((table.base + 2 - 2 * rounded.length) / 5) * 5 : 0
}

/**
 * One option of several. All options are about the same people: rounded each on its own, "chose it" and "did not" of one option would narrow those of another. So
 * whoever answered is rounded once for all of them, and who did not choose an option is the rest.
 */
function controlOption(cells: readonly (readonly number[])[]): CrossTable | null {
  const everybody = controlCrossTable(cells.map(([chosen = 0, not = 0, ...others]) => [chosen + not, ...others]))
  if (!everybody) return null
  const rows = everybody.rows.map(({ rows: group, cells: [answered = 0, ...others], base }) => {
    const chosen = roundCount(group.reduce((sum, index) => sum + (cells[index]?.[0] ?? 0), 0))
    return { rows: group, cells: [chosen, answered - chosen, ...others], base }
  })
  return { rows, columns: (cells[0] ?? []).map((_, column) => rows.reduce((sum, row) => sum + (row.cells[column] ?? 0), 0)), base: everybody.base }
}

const isLeftOut = ({ source, marks }: KeptResponse) => source === 'open' && (marks.includes('network') || marks.includes('staff'))

function tablesOf(question: Question, communities: number): Table[] {
  if (categoriesOf(question).length === 0) return []
  const make = (columns: string[], rest: { row?: string, option?: string } = {}): Table => {
    const empty = (places: number) => Array.from({ length: places }, () => columns.map(() => 0))
    return { question, ...rest, columns, counted: empty(communities), open: empty(communities + 1), byCell: new Map() }
  }
  if (question.kind === 'multi') return question.options.map(({ code }) => make(crossOption(question, code, [], []).columns, { option: code }))
  const { columns } = crossByCommunity(question, [], [])
  return question.kind === 'matrix' ? question.rows.map(({ code }) => make(columns, { row: code })) : [make(columns)]
}

function cellsOf({ question, row, option }: Table, responses: readonly { community: string, source: ResponseSource, answers: Answers }[], places: readonly string[]): number[][] {
  return option !== undefined && question.kind === 'multi' ? crossOption(question, option, responses, places).cells : crossByCommunity(question, responses, places, row).cells
}

function addTo(cells: number[][], more: readonly (readonly number[])[]) {
  cells.forEach((line, index) => line.forEach((count, column) => { line[column] = count + (more[index]?.[column] ?? 0) }))
}

const columnSums = (cells: readonly (readonly number[])[]) => (cells[0] ?? []).map((_, column) => cells.reduce((sum, line) => sum + (line[column] ?? 0), 0))

const bandOf = (age: Answer | undefined): string => typeof age === 'number' ? String(ageFroms.findLast(from => from <= age) ?? '') : ''

/** People alike in what weighs: community and age band, which may be unknown. */
function byCell<Response extends { community: string, answers: Answers }>(responses: readonly Response[]): Map<string, Response[]> {
  const cells = new Map<string, Response[]>()
  for (const response of responses) {
    const cell = `${response.community}|${bandOf(response.answers[ageQuestion])}`
    cells.set(cell, [...cells.get(cell) ?? [], response])
  }
  return cells
}

function weigh(sizes: ReadonlyMap<string, number>, communities: readonly string[], census: readonly CensusCount[]) {
  const isComplete = communities.every(community => ageFroms.every(ageFrom => census.some(count => count.community === community && count.ageFrom === ageFrom)))
  const withAge = [...sizes].reduce((sum, [cell, size]) => sum + (cell.endsWith('|') ? 0 : size), 0)
  if (!isComplete || withAge < leastWeighted) return null
  const cells = [...sizes].map(([cell, size]) => ({ cell, size, community: cell.split('|')[0], ageBand: cell.split('|')[1] || undefined }))
  const raked = rake(cells.map(({ community, ageBand }) => ({ community, ageBand })), { community: residentsBy(census, ({ community }) => community), ageBand: residentsBy(census, ({ ageFrom }) => String(ageFrom)) }, undefined, cells.map(({ size }) => size))
  const weights = new Map(cells.map(({ cell }, index) => [cell, raked.weights[index] ?? 1]))
  return { weightOf: (cell: string) => weights.get(cell) ?? 1, facts: { isMet: raked.isMet, effectiveSize: roundCount(raked.effectiveSize), largestGap: Math.round(raked.largestGap * 100) / 100 } }
}

function residentsBy(census: readonly CensusCount[], key: (count: CensusCount) => string): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const count of census) sums[key(count)] = (sums[key(count)] ?? 0) + count.residents
  return sums
}

/** From the published table alone, so that the weights tell no more than it does. */
function shownWeights(ages: PublishedTable | undefined, communities: readonly string[], census: readonly CensusCount[]): Pick<NonNullable<SurveyCounts['weights']>, 'ages' | 'communities'> {
  const [residents, table] = [census.reduce((sum, count) => sum + count.residents, 0), ages?.counted]
  const weightOf = (lives: number | undefined, answered: number | undefined) =>
    table && lives && answered ? Math.round(Math.min(weightCaps.high, Math.max(weightCaps.low, lives / residents / (answered / table.base))) * 10) / 10 : null
  const [byAge, byCommunity] = [residentsBy(census, ({ ageFrom }) => String(ageFrom)), residentsBy(census, ({ community }) => community)]
  return {
    ages: ageFroms.map(ageFrom => ({ ageFrom, weight: weightOf(byAge[ageFrom], table?.columns[ages?.columns.indexOf(String(ageFrom)) ?? -1]) })),
    communities: communities.map((community, index) => ({ community, weight: weightOf(byCommunity[community], table?.rows.find(({ rows }) => rows.length === 1 && rows[0] === index)?.base) })),
  }
}

/** Shares under the weights; a step is worth five answers at least, so that they tell no more than the rounded counts beside them. */
function weightedShares(cells: ReadonlyMap<string, number[]>, weightOf: (cell: string) => number, base: number): number[] | null {
  const sums = [...cells].reduce<number[]>((all, [cell, counts]) => counts.map((count, column) => (all[column] ?? 0) + count * weightOf(cell)), [])
  const total = sums.reduce((sum, each) => sum + each, 0)
  const step = Math.max(1, Math.ceil(500 / base))
  return total > 0 ? sums.map(sum => Math.round(sum / total * 100 / step) * step) : null
}
