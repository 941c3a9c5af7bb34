import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answers } from '#shared/surveys/definition'
import { categoriesOf, crossByCommunity, crossOption, type CountedResponse } from '#shared/surveys/tabulate'
import { aMatrix, aMulti, aNumber, aScale, aSingle, aSurvey, aText } from './survey-builder'

const survey = aSurvey(
  aSingle('safe', ['yes', 'no'], { hasCannotSay: true }), aMulti('worries', ['theft', 'fraud'], { hasCannotSay: true }), aScale('trust', { hasCannotSay: true }),
  aMatrix('police', ['polite', 'prompt'], ['good', 'poor'], { hasCannotSay: true }), aNumber('age', { bands: [16, 65] }), aText('else'),
)
const [safe, worries] = survey.questions
const said = (community: string | null, answers: Answers): CountedResponse => ({ community, source: 'ballot', answers })
describe('the counts of a survey, by hand', () => {
  const responses = [
    said('ping-an', { safe: 'yes', worries: ['theft', 'fraud'], trust: 5, police: { polite: 'good', prompt: 'cannot_say' }, age: 15, else: '好' }),
    said('ping-an', { safe: 'yes', worries: ['fraud'], trust: 3, police: { polite: 'poor' }, age: 16, else: null }),
    said('chang-le', { safe: 'cannot_say', worries: 'cannot_say', trust: 'cannot_say', police: 'cannot_say', age: 64 }),
    said('chang-le', { safe: 'no', worries: null, trust: null, police: null, age: 65 }),
    said(null, { safe: 'no' }),
  ]

  it('by community each answer is in one cell, and who passed over or is of no community in none', () => {
    expect(safe && crossByCommunity(safe, responses, ['ping-an', 'chang-le'])).toEqual({ columns: ['yes', 'no', 'cannot_say'], cells: [[2, 0, 0], [0, 1, 1]] })
  })

  it('each option of several is a table of its own', () => {
    expect(worries?.kind === 'multi' && crossOption(worries, 'theft', responses, ['ping-an', 'chang-le'])).toEqual({ columns: ['chosen', 'not_chosen', 'cannot_say'], cells: [[1, 1, 0], [0, 0, 1]] })
  })

  it('a text has no categories, and a number without bands none either', () => {
    expect(aSurvey(aText('else'), aNumber('age')).questions.map(categoriesOf)).toEqual([[], []])
  })

  it('of all who were asked, those who did not pass it over are in exactly one cell', () => {
    const response = fc.record({ community: fc.constantFrom('ping-an', 'chang-le'), source: fc.constant('open' as const), answers: fc.record({ safe: fc.constantFrom('yes', 'no', 'cannot_say', null) }) })
    fc.assert(fc.property(fc.array(response, { maxLength: 40 }), (all) => {
      const cells = safe ? crossByCommunity(safe, all, ['ping-an', 'chang-le']).cells.flat() : []
      expect(cells.reduce((sum, each) => sum + each, 0)).toBe(all.filter(({ answers }) => answers.safe !== null).length)
    }))
  })
})
