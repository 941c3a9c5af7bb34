import { cannotSay, theEnd } from './cannot-say.ts'
import type { Answer, Answers, Condition, Question, SurveyDefinition } from './definition.ts'

/* The way through a survey: which question comes next, which answers count, and whether every way ends. */

/** Whether an answer meets a condition. What was passed over or cannot be said meets `is_not`, and `skipped` or `is cannot_say`, and nothing else. */
export function meets(answer: Answer | undefined, { op, value }: Condition): boolean {
  switch (op) {
    case 'skipped': return answer === null || answer === undefined
    case 'is': return value !== undefined && answer === value
    case 'is_not': return answer !== value
    case 'includes': return Array.isArray(answer) && answer.some(each => each === value)
    case 'at_least': return typeof answer === 'number' && typeof value === 'number' && answer >= value
    case 'at_most': return typeof answer === 'number' && typeof value === 'number' && answer <= value
  }
}

/** Where a question leads: the first branch that holds, else the next in order. Undefined at the end. */
function after({ questions }: SurveyDefinition, index: number, answers: Answers): number | undefined {
  const branch = questions[index]?.branches.find(({ if: condition }) => meets(answers[condition.question], condition))
  const next = branch === undefined ? index + 1 : branch.goTo === theEnd ? questions.length : questions.findIndex(({ code }) => code === branch.goTo)
  return next > index && next < questions.length ? next : undefined
}

/** The questions that these answers lead to, in order, up to and with the first that was not asked yet; `next` is that one, undefined at the end. */
export function walk(definition: SurveyDefinition, answers: Answers): { path: Question[], next: Question | undefined } {
  const path: Question[] = []
  // A branch looks only at answers on the way: what was answered before going back and choosing otherwise does not count.
  const onPath: Answers = {}
  for (let index: number | undefined = 0; index !== undefined; index = after(definition, index, onPath)) {
    const question = definition.questions[index]
    if (!question) break
    path.push(question)
    const answer = answers[question.code]
    if (answer === undefined) return { path, next: question }
    onPath[question.code] = answer
  }
  return { path, next: undefined }
}

/** Only what was answered on the way that these answers lead; the rest is dropped before it is kept. */
export function answersOnPath(definition: SurveyDefinition, answers: Answers): Answers {
  return Object.fromEntries(walk(definition, answers).path.flatMap(({ code }) => answers[code] === undefined ? [] : [[code, answers[code]]]))
}

export const flowProblems = ['unknown_question', 'goes_back', 'asks_ahead', 'unfit_condition', 'unreachable', 'never_taken', 'too_tangled'] as const
export interface FlowProblem { code: (typeof flowProblems)[number], question: string, branch?: number }

/** More states than this are not looked through: a survey so tangled is refused. Sixty questions with ten branches each stay far below. */
const mostStates = 20_000

/**
 * What is wrong with the branches: somewhere unknown or backwards (so no way can loop, and each one ends), a condition on a later question or one that its
 * question can never meet, a question that nobody is led to, a branch that is never taken. Empty: the survey may open.
 */
export function checkFlow(definition: SurveyDefinition): FlowProblem[] {
  const problems = definition.questions.flatMap((_, index) => checkBranches(definition, index))
  return problems.length ? problems : checkReach(definition)
}

function checkBranches({ questions }: SurveyDefinition, index: number): FlowProblem[] {
  const place = (code: string) => questions.findIndex(each => each.code === code)
  const { code: question, branches } = questions[index] as Question
  return branches.flatMap<FlowProblem>(({ if: condition, goTo }, branch) => {
    const asked = questions[place(condition.question)]
    if (!asked || (goTo !== theEnd && place(goTo) < 0)) return [{ code: 'unknown_question', question, branch }]
    if (goTo !== theEnd && place(goTo) <= index) return [{ code: 'goes_back', question, branch }]
    if (place(condition.question) > index) return [{ code: 'asks_ahead', question, branch }]
    return fits(asked, condition) ? [] : [{ code: 'unfit_condition', question, branch }]
  })
}

/** Whether a question of this kind can be asked about in this way. */
function fits(question: Question, { op, value }: Condition): boolean {
  if (op === 'skipped') return value === undefined && !question.isRequired
  if ((op === 'is' || op === 'is_not') && value === cannotSay) return question.kind !== 'text' && question.hasCannotSay
  const isOption = 'options' in question && question.options.some(({ code }) => code === value)
  switch (question.kind) {
    case 'single': return (op === 'is' || op === 'is_not') && isOption
    case 'multi': return op === 'includes' && isOption
    case 'scale': return op !== 'includes' && typeof value === 'number' && Number.isInteger(value) && value >= question.from && value <= question.to
    case 'number': return op !== 'includes' && typeof value === 'number' && value >= question.min && value <= question.max
    case 'matrix': case 'text': return false
  }
}

/** Goes every way with one answer for each that the branches tell apart, and sees where nobody comes. */
function checkReach(definition: SurveyDefinition): FlowProblem[] {
  const { questions } = definition
  const conditions = questions.flatMap(({ branches }) => branches.map(each => each.if))
  const lastUse = new Map<string, number>()
  questions.forEach(({ branches }, index) => branches.forEach(each => lastUse.set(each.if.question, index)))
  const seen = new Set<string>()
  const [reached, taken] = [new Set<number>(), new Set<string>()]
  const open: { index: number, answers: Answers }[] = [{ index: 0, answers: {} }]
  for (let state = open.pop(); state; state = open.pop()) {
    const { index } = state
    const question = questions[index] as Question
    // Answers that no later branch looks at tell no states apart.
    const kept = Object.fromEntries(Object.entries(state.answers).filter(([code]) => (lastUse.get(code) ?? -1) >= index))
    const key = JSON.stringify([index, Object.entries(kept).toSorted(([a], [b]) => a < b ? -1 : 1)])
    if (seen.has(key)) continue
    if (seen.size >= mostStates) return [{ code: 'too_tangled', question: question.code }]
    seen.add(key)
    reached.add(index)
    for (const answer of typicalAnswers(question, conditions.filter(each => each.question === question.code))) {
      const answers = { ...kept, [question.code]: answer }
      const branch = question.branches.findIndex(({ if: condition }) => meets(answers[condition.question], condition))
      if (branch >= 0) taken.add(`${index}.${branch}`)
      const next = after(definition, index, answers)
      if (next !== undefined) open.push({ index: next, answers })
    }
  }
  return questions.flatMap<FlowProblem>(({ code: question, branches }, index) => reached.has(index)
    ? branches.flatMap<FlowProblem>((_, branch) => taken.has(`${index}.${branch}`) ? [] : [{ code: 'never_taken', question, branch }])
    : [{ code: 'unreachable', question }])
}

/** For each answer that these conditions can tell from others, one like it. */
function typicalAnswers(question: Question, conditions: readonly Condition[]): Answer[] {
  if (conditions.length === 0) return [null]
  const passed: Answer[] = [...question.isRequired ? [] : [null], ...question.kind !== 'text' && question.hasCannotSay ? [cannotSay] : []]
  const values = new Set(conditions.map(({ value }) => value))
  switch (question.kind) {
    case 'single': {
      const other = question.options.find(({ code }) => !values.has(code))
      return [...passed, ...question.options.filter(({ code }) => values.has(code) || code === other?.code).map(({ code }) => code)]
    }
    case 'multi': return [...passed, ...choices(question, values)]
    case 'scale': return [...passed, ...Array.from({ length: question.to - question.from + 1 }, (_, step) => question.from + step)]
    case 'number': {
      const step = question.isWhole ? 1 : 1e-6
      const near = [...values].flatMap(value => typeof value === 'number' ? [value - step, value, value + step] : [])
      return [...passed, ...[question.min, ...near, question.max].filter(value => value >= question.min && value <= question.max)]
    }
    case 'matrix': case 'text': return [...passed, 'answered']
  }
}

/** Every choice among the options that a branch looks at and one that none looks at, as the question allows it. */
function choices(question: Extract<Question, { kind: 'multi' }>, values: ReadonlySet<Condition['value']>): string[][] {
  const other = question.options.find(({ code, isAlone }) => !values.has(code) && !isAlone)
  const looked = question.options.filter(({ code }) => values.has(code) || code === other?.code)
  const alone = looked.filter(({ isAlone }) => isAlone).map(({ code }) => [code])
  let sets: string[][] = [[]]
  for (const { code } of looked.filter(({ isAlone }) => !isAlone)) sets = [...sets, ...sets.map(set => [...set, code])].slice(0, mostStates)
  return [...alone, ...sets.filter(set => set.length > 0 && set.length <= (question.atMost ?? Infinity))]
}
