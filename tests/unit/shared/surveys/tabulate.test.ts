import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answers } from '#shared/surveys/definition'
import { categoriesOf, crossByCommunity, crossOption, tabulate, type CountedResponse } from '#shared/surveys/tabulate'
import { aMatrix, aMulti, aNumber, aScale, aSingle, aSurvey, aText } from './survey-builder'

const survey = aSurvey(
  aSingle('safe', ['yes', 'no'], { hasCannotSay: true }), aMulti('worries', ['theft', 'fraud'], { hasCannotSay: true }), aScale('trust', { hasCannotSay: true }),
  aMatrix('police', ['polite', 'prompt'], ['good', 'poor'], { hasCannotSay: true }), aNumber('age', { bands: [16, 65] }), aText('else'),
)
const [safe, worries] = survey.questions
const said = (community: string | null, answers: Answers, more: object = {}): CountedResponse => ({ community, source: 'ballot', answers, ...more })
const tallyOf = (responses: CountedResponse[], question: string, row?: string) => {
  const found = tabulate(survey.questions, responses).find(each => each.question === question && each.row === row)
  return found && [found.valid, found.cannotSay, found.passedOver, Object.fromEntries(found.counts.map(({ code, count }) => [code, count]))]
}

describe('the counts of a survey, by hand', () => {
  const responses = [
    said('ping-an', { safe: 'yes', worries: ['theft', 'fraud'], trust: 5, police: { polite: 'good', prompt: 'cannot_say' }, age: 15, else: '好' }),
    said('ping-an', { safe: 'yes', worries: ['fraud'], trust: 3, police: { polite: 'poor' }, age: 16, else: null }),
    said('chang-le', { safe: 'cannot_say', worries: 'cannot_say', trust: 'cannot_say', police: 'cannot_say', age: 64 }),
    said('chang-le', { safe: 'no', worries: null, trust: null, police: null, age: 65 }),
    said(null, { safe: 'no' }),
  ]

  it.each<[string, string | undefined, unknown]>([
    ['safe', undefined, [4, 1, 0, { yes: 2, no: 2 }]],
    ['worries', undefined, [2, 1, 1, { theft: 1, fraud: 2 }]],
    ['trust', undefined, [2, 1, 1, { 1: 0, 2: 0, 3: 1, 4: 0, 5: 1 }]],
    ['police', 'polite', [2, 1, 1, { good: 1, poor: 1 }]],
    ['police', 'prompt', [0, 2, 2, { good: 0, poor: 0 }]],
    ['age', undefined, [4, 0, 0, { 0: 1, 16: 2, 65: 1 }]],
    ['else', undefined, [1, 0, 1, {}]],
  ])('%s %s', (question, row, expected) => {
    expect(tallyOf(responses, question, row)).toEqual(expected)
  })

  it('a weight counts as so many answers', () => {
    expect(tallyOf([said('ping-an', { safe: 'yes' }, { weight: 1.5 }), said('ping-an', { safe: 'no' }, { weight: 0.5 })], 'safe')).toEqual([2, 0, 0, { yes: 1.5, no: 0.5 }])
  })

  it('by community each answer is in one cell, and who passed over or is of no community in none', () => {
    expect(safe && crossByCommunity(safe, responses, ['ping-an', 'chang-le'])).toEqual({ columns: ['yes', 'no', 'cannot_say'], cells: [[2, 0, 0], [0, 1, 1]] })
  })

  it('each option of several is a table of its own', () => {
    expect(worries?.kind === 'multi' && crossOption(worries, 'theft', responses, ['ping-an', 'chang-le'])).toEqual({ columns: ['chosen', 'not_chosen', 'cannot_say'], cells: [[1, 1, 0], [0, 0, 1]] })
  })

  it('a text has no categories, and a number without bands none either', () => {
    expect(aSurvey(aText('else'), aNumber('age')).questions.map(categoriesOf)).toEqual([[], []])
  })

  it('every response that was asked is valid, cannot say or passed over, and the cells of all communities are the valid and those who cannot say', () => {
    const response = fc.record({ community: fc.constantFrom('ping-an', 'chang-le'), source: fc.constant('open' as const), answers: fc.record({ safe: fc.constantFrom('yes', 'no', 'cannot_say', null) }) })
    fc.assert(fc.property(fc.array(response, { maxLength: 40 }), (all) => {
      const [tally] = tabulate(survey.questions, all)
      const cells = safe ? crossByCommunity(safe, all, ['ping-an', 'chang-le']).cells.flat() : []
      expect((tally?.valid ?? 0) + (tally?.cannotSay ?? 0) + (tally?.passedOver ?? 0)).toBe(all.length)
      expect(cells.reduce((sum, each) => sum + each, 0)).toBe((tally?.valid ?? 0) + (tally?.cannotSay ?? 0))
    }))
  })
})
