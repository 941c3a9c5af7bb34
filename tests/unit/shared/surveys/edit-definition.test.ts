import { describe, expect, it } from 'vitest'
import { definitionSchema, questionSchema, type SurveyDefinition } from '#shared/surveys/definition'
import { addQuestion, blankQuestion, changeQuestion, freeCode, moveQuestion, questionKinds, removeQuestion } from '#shared/surveys/edit-definition'
import { questionBank } from '#shared/surveys/question-bank'

const words = (text: string) => ({ zh: text, en: text })
const survey = (): SurveyDefinition => definitionSchema.parse({
  title: words('t'), questions: [
    { kind: 'single', code: 'a', label: words('a'), headline: ['x'], options: [{ code: 'x', label: words('x') }, { code: 'y', label: words('y') }, { code: 'z', label: words('z') }], branches: [{ if: { question: 'a', op: 'is', value: 'x' }, goTo: 'c' }] },
    { kind: 'text', code: 'b', label: words('b'), branches: [{ if: { question: 'a', op: 'is', value: 'y' }, goTo: 'end' }] },
    { kind: 'text', code: 'c', label: words('c') },
  ],
})
const codes = ({ questions }: SurveyDefinition) => questions.map(({ code }) => code)

describe('the builder of surveys', () => {
  it('gives a new question a code that none has', () => {
    expect(freeCode('question', ['question_2', 'night'])).toBe('question_3')
    expect(freeCode('question', ['question_2'])).toBe('question_3')
    expect(freeCode('question', [])).toBe('question_1')
  })

  it('makes a blank one of each kind that is right as soon as it has its words', () => {
    for (const kind of questionKinds) {
      const filled = JSON.parse(JSON.stringify(blankQuestion(kind, [])).replaceAll('{"zh":"","en":""}', '{"zh":"字","en":"word"}')) as unknown
      expect(questionSchema.safeParse(filled).error, kind).toBeUndefined()
    }
  })

  it('puts a question of the bank where it is asked, without branches to what is not here', () => {
    const [first] = questionBank
    if (!first) throw new Error('the bank is empty')
    const grown = addQuestion(survey(), { ...first, branches: [{ if: { question: first.code, op: 'skipped' }, goTo: 'age' }] }, 0)
    expect(codes(grown)).toEqual(['a', first.code, 'b', 'c'])
    expect(grown.questions[1]?.branches).toEqual([])
  })

  it('moves a question by one place and no further than the ends', () => {
    expect(codes(moveQuestion(survey(), 0, 1))).toEqual(['b', 'a', 'c'])
    expect(codes(moveQuestion(survey(), 2, 1))).toEqual(['a', 'b', 'c'])
    expect(codes(moveQuestion(survey(), 0, -1))).toEqual(['a', 'b', 'c'])
  })

  it('takes branches along that lead to a question that goes, or ask about it', () => {
    expect(removeQuestion(survey(), 2).questions.map(({ branches }) => branches.length)).toEqual([0, 1])
    expect(removeQuestion(survey(), 0).questions.map(({ branches }) => branches.length)).toEqual([0, 0])
  })

  it('takes branches and headlines along that ask for an option that goes', () => {
    const [first] = survey().questions
    if (first?.kind !== 'single') throw new Error('it is a single choice')
    const less = changeQuestion(survey(), 0, { ...first, options: first.options.filter(({ code }) => code !== 'x') })
    expect(less.questions[0]).toMatchObject({ branches: [], headline: undefined })
    expect(less.questions[1]?.branches).toHaveLength(1)
  })
})
