import { describe, expect, it } from 'vitest'
import { definitionSchema } from '#shared/surveys/definition'
import { aMatrix, aMulti, aNumber, aScale, aSingle, aSurvey, aText, words } from './survey-builder'

const refused = (...questions: object[]) => definitionSchema.safeParse({ title: words('一'), questions }).success === false

describe('what a survey may ask', () => {
  it('all six kinds, in both languages, and nothing is asked for unless the desk says so', () => {
    const { questions } = aSurvey(aSingle('safe', ['yes', 'no']), aMulti('worries', ['theft', 'fraud']), aScale('trust'), aMatrix('police', ['polite', 'prompt'], ['good', 'poor']), aNumber('age'), aText('else'))

    expect(questions.map(({ kind, isRequired }) => [kind, isRequired])).toEqual(['single', 'multi', 'scale', 'matrix', 'number', 'text'].map(kind => [kind, false]))
  })

  it.each<[string, object[]]>([
    ['no question', []],
    ['two questions of one code', [aText('one'), aText('one')]],
    ['a choice with one option', [aSingle('safe', ['yes'])]],
    ['two options of one code', [aSingle('safe', ['yes', 'yes'])]],
    ['an option that means "cannot say" by its code', [aSingle('safe', ['yes', 'cannot_say'])]],
    ['a question that has the code of the end', [aText('end')]],
    ['a text in one language only', [{ ...aText('one'), label: { zh: '一' } }]],
    ['a scale that ends where it begins', [aScale('trust', { to: 1 })]],
    ['a number whose least is its most', [aNumber('age', { min: 5, max: 5 })]],
    ['bands out of order', [aNumber('age', { bands: [40, 16] })]],
    ['a band that begins below the least', [aNumber('age', { bands: [0] })]],
    ['"cannot say" to a text', [aText('one', { hasCannotSay: true })]],
    ['words of its own that nobody reads', [aText('one', { colour: 'red' })]],
    ['sixty-one questions', Array.from({ length: 61 }, (_, n) => aText(`q${n}`))],
  ])('is refused with %s', (_, questions) => {
    expect(refused(...questions)).toBe(true)
    expect(refused(aText('one'))).toBe(false)
  })
})
