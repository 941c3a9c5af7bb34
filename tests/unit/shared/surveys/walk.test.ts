import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answers } from '#shared/surveys/definition'
import { answersOnPath, checkFlow, meets, walk } from '#shared/surveys/walk'
import { aMulti, aNumber, aScale, aSingle, aSurvey, aText, goTo } from './survey-builder'

/** Victims are asked whether they reported it; who did, how content they are; everybody ends at `else`. */
const victims = aSurvey(
  aSingle('victim', ['yes', 'no'], { isRequired: true, branches: [goTo('else', 'victim', 'is', 'no')] }),
  aSingle('reported', ['yes', 'no'], { branches: [goTo('why_not', 'reported', 'is', 'no'), goTo('else', 'reported', 'skipped')] }),
  aScale('content', { hasCannotSay: true, branches: [goTo('else', 'reported', 'is', 'yes')] }),
  aText('why_not'),
  aText('else'),
)
const pathOf = (answers: Answers) => walk(victims, answers).path.map(({ code }) => code)

describe('the way through a survey', () => {
  it.each<[Answers, string[], string | undefined]>([
    [{}, ['victim'], 'victim'],
    [{ victim: 'no' }, ['victim', 'else'], 'else'],
    [{ victim: 'yes' }, ['victim', 'reported'], 'reported'],
    [{ victim: 'yes', reported: 'yes', content: 4 }, ['victim', 'reported', 'content', 'else'], 'else'],
    [{ victim: 'yes', reported: 'no', why_not: '不值得' }, ['victim', 'reported', 'why_not', 'else'], 'else'],
    [{ victim: 'yes', reported: null, else: '' }, ['victim', 'reported', 'else'], undefined],
  ])('%j leads over %j to %s', (answers, path, next) => {
    expect(pathOf(answers)).toEqual(path)
    expect(walk(victims, answers).next?.code).toBe(next)
  })

  it('what was answered before going back and choosing otherwise does not count', () => {
    expect(answersOnPath(victims, { victim: 'no', reported: 'yes', content: 1, else: '好' })).toEqual({ victim: 'no', else: '好' })
  })

  it('an answer off the way turns no branch on it', () => {
    const survey = aSurvey(
      aSingle('first', ['a', 'b'], { branches: [goTo('third', 'first', 'is', 'b')] }),
      aSingle('second', ['x', 'y']),
      aSingle('third', ['p', 'q'], { branches: [goTo('end', 'second', 'is', 'x')] }),
      aText('last'),
    )

    expect(walk(survey, { first: 'b', second: 'x', third: 'p' }).next?.code).toBe('last')
    expect(walk(survey, { first: 'a', second: 'x', third: 'p' }).next).toBeUndefined()
  })

  it.each<[Parameters<typeof meets>[0], Parameters<typeof meets>[1]['op'], string | number | undefined, boolean]>([
    ['yes', 'is', 'yes', true], ['no', 'is', 'yes', false], ['no', 'is_not', 'yes', true], [null, 'is_not', 'yes', true], ['cannot_say', 'is', 'cannot_say', true],
    [['a', 'b'], 'includes', 'b', true], [['a'], 'includes', 'b', false], [null, 'includes', 'b', false],
    [3, 'at_least', 3, true], [2, 'at_least', 3, false], ['cannot_say', 'at_least', 3, false], [3, 'at_most', 3, true], [4, 'at_most', 3, false], [null, 'at_most', 3, false],
    [null, 'skipped', undefined, true], [undefined, 'skipped', undefined, true], ['cannot_say', 'skipped', undefined, false], [undefined, 'is', undefined, false],
  ])('%j %s %s: %s', (answer, op, value, expected) => {
    expect(meets(answer, { question: 'q', op, ...value === undefined ? {} : { value } })).toBe(expected)
  })
})

describe('a survey may open only if every question can be reached and every way ends', () => {
  it('this one may', () => {
    expect(checkFlow(victims)).toEqual([])
  })

  it.each([
    ['a branch to a question that is not there', [aText('a', { branches: [goTo('nowhere', 'a', 'skipped')] }), aText('b')], { code: 'unknown_question', question: 'a', branch: 0 }],
    ['a condition on a question that is not there', [aText('a', { branches: [goTo('b', 'nowhere', 'skipped')] }), aText('b')], { code: 'unknown_question', question: 'a', branch: 0 }],
    ['a loop', [aText('a'), aText('b', { branches: [goTo('a', 'b', 'skipped')] })], { code: 'goes_back', question: 'b', branch: 0 }],
    ['a question that leads to itself', [aText('a', { branches: [goTo('a', 'a', 'skipped')] })], { code: 'goes_back', question: 'a', branch: 0 }],
    ['a condition on a later question', [aText('a', { branches: [goTo('end', 'b', 'skipped')] }), aText('b')], { code: 'asks_ahead', question: 'a', branch: 0 }],
    ['an option that there is none of', [aSingle('a', ['x', 'y'], { branches: [goTo('end', 'a', 'is', 'z')] }), aText('b')], { code: 'unfit_condition', question: 'a', branch: 0 }],
    ['a point outside the scale', [aScale('a', { branches: [goTo('end', 'a', 'at_least', 6)] }), aText('b')], { code: 'unfit_condition', question: 'a', branch: 0 }],
    ['a required question that was passed over', [aSingle('a', ['x', 'y'], { isRequired: true, branches: [goTo('end', 'a', 'skipped')] }), aText('b')], { code: 'unfit_condition', question: 'a', branch: 0 }],
    ['a question that every branch goes around', [aSingle('a', ['x', 'y'], { isRequired: true, branches: [goTo('c', 'a', 'is', 'x'), goTo('c', 'a', 'is', 'y')] }), aText('b'), aText('c')], { code: 'unreachable', question: 'b' }],
    ['a number whose every value goes around the next', [aNumber('a', { isRequired: true, branches: [goTo('c', 'a', 'at_least', 18), goTo('c', 'a', 'at_most', 17)] }), aText('b'), aText('c')], { code: 'unreachable', question: 'b' }],
    ['a branch that an earlier one always takes first', [aScale('a', { branches: [goTo('c', 'a', 'at_least', 3), goTo('c', 'a', 'at_least', 4)] }), aText('b'), aText('c')], { code: 'never_taken', question: 'a', branch: 1 }],
    // Whoever comes to b said no at a: the second condition cannot hold there.
    ['a condition that nobody who comes there meets', [aSingle('a', ['yes', 'no'], { branches: [goTo('c', 'a', 'is', 'yes')] }), aText('b', { branches: [goTo('end', 'a', 'is', 'yes')] }), aText('c')], { code: 'never_taken', question: 'b', branch: 0 }],
  ])('refused: %s', (_, questions, problem) => {
    expect(checkFlow(aSurvey(...questions))).toEqual([problem])
  })

  it('a way that only two choices at once open is found, and missed where one is the most', () => {
    // d is reached by x alone (c ends for everybody else), so its branch is taken only by x and y together.
    const survey = (atMost: number) => aSurvey(
      aMulti('a', ['x', 'y', 'z'], { isRequired: true, atMost }), aText('b', { branches: [goTo('d', 'a', 'includes', 'x')] }),
      aText('c', { branches: [goTo('end', 'a', 'includes', 'y'), goTo('end', 'a', 'includes', 'z')] }), aText('d', { branches: [goTo('end', 'a', 'includes', 'y')] }), aText('e'),
    )

    expect(checkFlow(survey(2))).toEqual([])
    expect(checkFlow(survey(1))).toEqual([{ code: 'never_taken', question: 'd', branch: 0 }])
  })

  it('one too tangled to be looked through is refused, at once', () => {
    const letters = Array.from({ length: 15 }, (_, n) => `o${n}`)
    const tangled = aSurvey(aMulti('a', letters), ...letters.map(each => aText(`t${each}`, { branches: [goTo('last', 'a', 'includes', each)] })), aMulti('b', letters), aText('last'))
    const started = performance.now()

    expect(checkFlow(tangled).map(({ code }) => code)).toEqual(['too_tangled'])
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('when nothing is wrong, whatever is answered ends, forwards only, and each way is one of those answered', () => {
    const codes = ['a', 'b', 'c', 'd', 'e', 'f']
    const branchOf = (index: number) => fc.record({ on: fc.integer({ min: 0, max: index }), value: fc.constantFrom('x', 'y'), to: fc.integer({ min: index + 1, max: codes.length }) })
      .map(({ on, value, to }) => goTo(codes[to] ?? 'end', codes[on] ?? '', 'is', value))
    const survey = fc.tuple(...codes.map((code, index) => fc.array(branchOf(index), { maxLength: 2 }).map(branches => aSingle(code, ['x', 'y', 'z'], { branches })))).map(questions => aSurvey(...questions))
    const answers = fc.tuple(...codes.map(() => fc.constantFrom('x', 'y', 'z', null))).map(given => Object.fromEntries(codes.map((code, index) => [code, given[index] ?? null])))

    fc.assert(fc.property(survey, answers, (definition, given) => {
      const { path, next } = walk(definition, given)
      const places = path.map(({ code }) => codes.indexOf(code))
      expect(next).toBeUndefined()
      expect(places).toEqual([...new Set(places)].toSorted((one, other) => one - other))
    }), { seed: 8 })
  })

  it('finds unreachable questions exactly as trying every answer does', () => {
    const codes = ['a', 'b', 'c', 'd']
    const branchOf = (index: number) => fc.record({ on: fc.integer({ min: 0, max: index }), op: fc.constantFrom('is', 'is_not'), value: fc.constantFrom('x', 'y'), to: fc.integer({ min: index + 1, max: codes.length }) })
      .map(({ on, op, value, to }) => goTo(codes[to] ?? 'end', codes[on] ?? '', op, value))
    const survey = fc.tuple(...codes.map((code, index) => fc.array(branchOf(index), { maxLength: 3 }).map(branches => aSingle(code, ['x', 'y'], { isRequired: true, branches })))).map(questions => aSurvey(...questions))
    const every = Array.from({ length: 16 }, (_, bits) => Object.fromEntries(codes.map((code, index) => [code, (bits >> index) & 1 ? 'x' : 'y'])))

    fc.assert(fc.property(survey, (definition) => {
      const reached = new Set(every.flatMap(given => walk(definition, given).path.map(({ code }) => code)))
      const found = checkFlow(definition).flatMap(({ code, question }) => code === 'unreachable' ? [question] : [])
      expect(found).toEqual(codes.filter(code => !reached.has(code)))
    }), { seed: 8, numRuns: 500 })
  })
})
