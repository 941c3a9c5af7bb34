import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { surveyCounter, type CensusCount, type KeptResponse } from '#shared/surveys/count-survey'
import type { Answers, SurveyDefinition } from '#shared/surveys/definition'
import { arrangeSurvey, resultColumns, resultRows, type SurveyCounts } from '#shared/surveys/survey-results'
import { marksOf } from '#shared/trust/response-marks'
import { aMatrix, aMulti, aNumber, aScale, aSingle, aSurvey, aText, words } from './survey-builder'

const [pingAn, changLe] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
const communities = [pingAn, changLe]
const survey = aSurvey(
  aSingle('safe', ['yes', 'no'], { hasCannotSay: true, headline: ['yes'] }), aMulti('worries', ['theft', 'fraud', 'noise'], { hasCannotSay: true }), aScale('trust', { headline: ['4', '5'] }),
  aMatrix('police', ['polite', 'prompt'], ['good', 'poor'], { headline: ['good'] }), aNumber('age', { min: 16, bands: [30, 45, 60] }), aText('else'),
)
const said = (answers: Answers, { community = pingAn as string | null, source = 'ballot' as KeptResponse['source'], marks = [] as string[] } = {}): KeptResponse => ({ community, source, marks, answers })
const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item)
function countOf(definition: SurveyDefinition, responses: readonly KeptResponse[], { eligible = 1000, census = [] as CensusCount[], places = communities as readonly string[], page = 2000 } = {}): SurveyCounts {
  const counter = surveyCounter(definition, places)
  for (let at = 0; at < responses.length; at += page) counter.add(responses.slice(at, at + page))
  return counter.finish(eligible, census)
}
const tableOf = (counts: SurveyCounts, question: string, part?: string) => counts.tables.find(table => table.question === question && (part === undefined || table.row === part || table.option === part))

/** Mulberry32: the same numbers on every run. */
function randomOf(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

describe('a small survey, by hand', () => {
  const responses = [
    ...times(14, said({ safe: 'yes', worries: ['theft', 'fraud'], else: null })), ...times(9, said({ safe: 'no', worries: ['fraud'] })),
    ...times(12, said({ safe: 'yes', worries: ['noise'] }, { community: changLe })), ...times(21, said({ safe: 'no', worries: null }, { community: changLe })), ...times(3, said({ safe: 'cannot_say' }, { community: changLe })),
    ...times(11, said({ safe: 'yes' }, { source: 'open', community: null })), ...times(3, said({ safe: 'no' }, { source: 'open', marks: ['network', 'burst'] })), ...times(2, said({ safe: 'no' }, { source: 'open', marks: ['staff'] })),
  ]
  const counts = countOf(survey, responses, { eligible: 98 })

  it('those who count by community, rounded to five; whoever passed a question over is not in it', () => {
    expect(tableOf(counts, 'safe')).toEqual({
      question: 'safe', columns: ['yes', 'no', 'cannot_say'], weighted: null,
      counted: { rows: [{ rows: [0], cells: [15, 10, 0], base: 25 }, { rows: [1], cells: [10, 20, 5], base: 35 }], columns: [25, 30, 5], base: 60 },
      open: { rows: [{ rows: [0, 1, 2], cells: [10, 0, 0], base: 10 }], columns: [10, 0, 0], base: 10 },
    })
    // 23 and 12 answered; fraud was chosen by all of the 23, theft by 14.
    expect(tableOf(counts, 'worries', 'theft')?.counted).toEqual({ rows: [{ rows: [0], cells: [15, 10, 0], base: 25 }, { rows: [1], cells: [0, 10, 0], base: 10 }], columns: [15, 20, 0], base: 35 })
    expect(tableOf(counts, 'worries', 'fraud')?.counted?.rows.map(({ cells }) => cells)).toEqual([[25, 0, 0], [0, 10, 0]])
    expect(tableOf(counts, 'trust')?.counted, 'nobody was asked').toBeNull()
    expect(counts.tables.map(({ question }) => question), 'words are in no table').not.toContain('else')
  })

  it('turnout, open answers and marks: those from one network or the station count nowhere', () => {
    expect(counts.turnout).toEqual({ base: 100, count: 60 })
    expect(counts.open).toBe(10)
    expect(counts.marks).toEqual({ network: 5, staff: 0, burst: 5 })
  })

  it('below ten answers nothing is said', () => {
    const few = countOf(survey, times(9, said({ safe: 'yes', age: 20 })), { eligible: 9 })

    expect([few.turnout, few.open, few.marks, few.weights]).toEqual([{ base: null, count: null }, null, { network: null, staff: null, burst: null }, null])
    expect(few.tables.flatMap(({ counted, open, weighted }) => [counted, open, weighted]).filter(each => each !== null)).toEqual([])
  })
})

/** Answers of all kinds by anybody. */
const aResponse: fc.Arbitrary<KeptResponse> = fc.record({
  community: fc.constantFrom(pingAn, changLe, null), source: fc.constantFrom('ballot', 'invited', 'open'), marks: fc.subarray(['network', 'staff', 'burst']),
  answers: fc.record({
    safe: fc.constantFrom('yes', 'no', 'cannot_say', null), worries: fc.oneof(fc.subarray(['theft', 'fraud', 'noise'], { minLength: 1 }), fc.constantFrom('cannot_say', null)), trust: fc.constantFrom(1, 2, 3, 4, 5, null),
    police: fc.constantFrom({ polite: 'good' }, { polite: 'poor', prompt: 'good' }, null), age: fc.integer({ min: 16, max: 90 }),
  }, { requiredKeys: [] }) as fc.Arbitrary<Answers>,
}).map(response => response.source === 'open' ? response : { ...response, community: response.community ?? pingAn })
const responses = fc.array(aResponse, { minLength: 20, maxLength: 160 })

describe('any survey', () => {
  /** Written anew from the words of RULES E3 and PRODUCT §5: one filter for each number. Small communities are set together with the others. */
  function again(all: readonly KeptResponse[], isCounted: boolean, fits: readonly ((answers: Answers) => boolean)[]) {
    const counts = all.filter(({ source, marks }) => isCounted ? source !== 'open' : source === 'open' && !marks.includes('network') && !marks.includes('staff'))
    return fits.map(fit => counts.filter(({ answers }) => fit(answers)).length)
  }
  const five = (count: number) => Math.floor((count + 2) / 5) * 5

  it('is what a second implementation counts', () => {
    const isList = (answer: Answers[string] | undefined): answer is string[] => Array.isArray(answer)
    const rowOf = (answers: Answers, row: string) => typeof answers.police === 'object' && answers.police !== null && !isList(answers.police) ? answers.police[row] : undefined
    const bands = [[16, 29], [30, 44], [45, 59], [60, 120]] as const
    const cases: [string, string | undefined, ((answers: Answers) => boolean)[]][] = [
      ['safe', undefined, ['yes', 'no', 'cannot_say'].map(answer => ({ safe }) => safe === answer)],
      ['trust', undefined, [1, 2, 3, 4, 5].map(answer => ({ trust }) => trust === answer)],
      ['police', 'polite', ['good', 'poor'].map(answer => answers => rowOf(answers, 'polite') === answer)],
      ['police', 'prompt', ['good', 'poor'].map(answer => answers => rowOf(answers, 'prompt') === answer)],
      ['age', undefined, bands.map(([from, to]) => ({ age }) => typeof age === 'number' && age >= from && age <= to)],
    ]
    fc.assert(fc.property(responses, (all) => {
      // In one place, so that rounding is all that control does.
      const here = all.map(response => ({ ...response, community: pingAn }))
      const counts = countOf(survey, here, { places: [pingAn] })
      for (const isCounted of [true, false]) {
        for (const [question, part, fits] of cases) {
          const exact = again(here, isCounted, fits)
          const shown = exact.map(five)
          const table = tableOf(counts, question, part)?.[isCounted ? 'counted' : 'open']
          const [sum, sumShown] = [exact, shown].map(each => each.reduce((total, one) => total + one, 0))
          expect(table?.columns ?? null).toEqual((sum ?? 0) < 10 || (sumShown ?? 0) < 10 ? null : shown)
        }
        const [answered = 0, cannot = 0] = again(here, isCounted, [({ worries }) => isList(worries), ({ worries }) => worries === 'cannot_say'])
        for (const option of ['theft', 'fraud', 'noise']) {
          const [chosen = 0] = again(here, isCounted, [({ worries }) => isList(worries) && worries.includes(option)])
          expect(tableOf(counts, 'worries', option)?.[isCounted ? 'counted' : 'open']?.columns ?? null).toEqual(answered + cannot < 10 || five(answered) + five(cannot) < 10 ? null : [five(chosen), five(answered) - five(chosen), five(cannot)])
        }
      }
    }), { seed: 8, numRuns: 150 })
  })

  it('does not depend on the order of answers or on where a page ends', () => {
    fc.assert(fc.property(responses, fc.integer({ min: 1, max: 50 }), fc.integer(), (all, page, seed) => {
      const random = randomOf(seed)
      const shuffled = all.map(response => ({ response, at: random() })).toSorted((a, b) => a.at - b.at).map(({ response }) => response)

      expect(countOf(survey, shuffled, { page })).toEqual(countOf(survey, all))
    }), { seed: 8, numRuns: 100 })
  })

  it('counts open answers apart: they change nothing of those who count, nor these of them; a marked one changes nothing but the marks', () => {
    fc.assert(fc.property(responses, responses, (all, more) => {
      const [open, vouched] = [all.filter(({ source }) => source === 'open'), all.filter(({ source }) => source !== 'open')]
      const [both, alone, openAlone] = [countOf(survey, all), countOf(survey, vouched), countOf(survey, open)]
      expect([both.turnout, both.tables.map(({ counted }) => counted)]).toEqual([alone.turnout, alone.tables.map(({ counted }) => counted)])
      expect([both.open, both.tables.map(table => table.open)]).toEqual([openAlone.open, openAlone.tables.map(table => table.open)])

      const stuffed = more.map(response => ({ ...response, source: 'open' as const, marks: ['network'] }))
      expect({ ...countOf(survey, [...all, ...stuffed]), marks: null }).toEqual({ ...both, marks: null })
    }), { seed: 8, numRuns: 80 })
  })

  it('is the same in CSV as in JSON, and shows nothing that is not in a multiple of five', () => {
    fc.assert(fc.property(responses, (all) => {
      const results = arrangeSurvey({
        id: '33333333-3333-4333-8333-333333333333', state: 'closed', mode: 'ballot', isOpenToAll: true, opensAt: '2026-01-01T00:00:00Z', closesAt: '2026-01-10T00:00:00Z', title: words('测', 'T'),
        communities: [{ id: pingAn, slug: 'ping-an', key: null }, { id: changLe, slug: 'chang-le', key: null }], definition: survey,
      }, [{ survey: '33333333-3333-4333-8333-333333333333', closedOn: '2026-01-10', releasedAt: '2026-01-10T00:00:00Z', results: countOf(survey, all) }])
      const at = (name: typeof resultColumns[number]) => resultColumns.indexOf(name)
      const csv = resultRows(results).map(row => [row[at('question')], row[at('row')], row[at('answer')], row[at('who')], row[at('communities')], row[at('count')], row[at('base')], row[at('percent')]].join('|'))
      const json = results.questions.flatMap(({ question, row, option, counted, open, communities: places }) => [
        ...[['counted', '', counted], ...places.map(place => ['counted', place.communities.join(' '), place] as const), ['open', '', open]] as [string, string, typeof counted][],
      ].flatMap(([who, where, some]) => (some?.shares ?? []).map(({ answer, count, rate }) => [question, row, option === null ? answer : `${option}:${answer}`, who, where, count, some?.base, rate?.percent].join('|'))))
      expect(csv.toSorted()).toEqual(json.toSorted())

      const counts = results.questions.flatMap(({ counted, open, communities: places }) => [counted, open, ...places].flatMap(some => some ? [some.base, ...some.shares.map(({ count }) => count)] : []))
      expect([...counts, results.turnout?.base, results.turnout?.count, results.open, ...Object.values(results.marks ?? {})].filter(count => (count ?? 0) % 5 !== 0)).toEqual([])
    }), { seed: 8, numRuns: 80 })
  })
})

/** An attacker who knows this code and tries every survey of this size: how many values are left for each number behind what is published. @param most beyond what was tried a number may be as well: such results are left out */
function attack(tried: Iterable<{ numbers: number[], published: SurveyCounts, shown: number[] }>, most: number) {
  const alike = new Map<string, { shown: number[], values: Set<number>[] }>()
  for (const { numbers, published, shown } of tried) {
    if (shown.some(each => each + 2 > most)) continue
    const key = JSON.stringify(published)
    const known = alike.get(key) ?? { shown, values: numbers.map(() => new Set<number>()) }
    numbers.forEach((number, index) => known.values[index]?.add(number))
    alike.set(key, known)
  }
  const left = (isZero: boolean) => Math.min(...[...alike.values()].flatMap(({ shown, values }) => values.flatMap(({ size }, index) => (shown[index] === 0) === isZero ? [size] : [])))
  return { results: alike.size, shown: left(false), zero: left(true) }
}
function* numbersUpTo(most: number, length: number): Generator<number[]> {
  if (length === 0) yield []
  else for (let first = 0; first <= most; first++) for (const rest of numbersUpTo(most, length - 1)) yield [first, ...rest]
}

describe('whoever knows the code and tries every small survey (RULES E3)', () => {
  const oneQuestion = (columns: number) => aSurvey(aSingle('safe', Array.from({ length: columns }, (_, at) => `o${at}`), { hasCannotSay: false }), aScale('other'))

  it.each([[2, 17, 'ballot'], [2, 17, 'open'], [4, 7, 'ballot']] as const)('one question of %i answers: five values or more are left of a number that is shown, three of a zero, also beside turnout and open answers (up to %i, %s)', (columns, most, source) => {
    const definition = oneQuestion(columns)
    function* surveys() {
      for (const numbers of numbersUpTo(most, columns)) {
        // Somebody who passes the question over is in no table, and in the turnout. More than fifteen of them are in no result that is looked at.
        for (let passed = 0; passed <= 15; passed++) {
          const published = countOf(definition, [...numbers.flatMap((count, at) => times(count, said({ safe: `o${at}` }, { source }))), ...times(passed, said({ safe: null, other: 3 }, { source }))], { places: [pingAn], eligible: 500 })
          const table = tableOf(published, 'safe')?.[source === 'open' ? 'open' : 'counted']
          const answered = source === 'open' ? published.open : published.turnout.count
          if (table && (answered ?? 0) <= table.base + 5) yield { numbers, published: { ...published, tables: published.tables.filter(({ question }) => question === 'safe') }, shown: table.columns }
        }
      }
    }

    const { results, shown, zero } = attack(surveys(), most)

    expect(results).toBeGreaterThan(10)
    expect([shown >= 5, zero >= 3], `${shown} and ${zero} values`).toEqual([true, true])
  }, 60_000)

  it('the attack finds what a turnout rounded on its own would give away', () => {
    // Four times eight: shown as ten each, and 32 who answered as 30. Then they were all eight.
    const behind = [...numbersUpTo(4, 4)].map(each => each.map(count => count + 8)).filter(each => Math.round(each.reduce((sum, count) => sum + count, 0) / 5) * 5 === 30)
    expect(behind).toEqual([[8, 8, 8, 8]])

    const published = countOf(oneQuestion(4), [0, 1, 2, 3].flatMap(at => times(8, said({ safe: `o${at}` }))), { places: [pingAn] })
    expect([tableOf(published, 'safe')?.counted?.columns, published.turnout.count], 'one may be twelve and three eight').toEqual([[10, 10, 10, 10], 35])
  })

  it('several options of one question are about the same people: who answered is one number for all of them, and none is certain', () => {
    const definition = aSurvey(aMulti('worries', ['theft', 'fraud'], { hasCannotSay: true }))
    function* surveys() {
      for (let answered = 0; answered <= 17; answered++) for (let theft = 0; theft <= answered; theft++) for (let fraud = answered - theft; fraud <= answered; fraud++) for (let cannot = 0; cannot <= 12; cannot++) {
        const both = theft + fraud - answered
        const published = countOf(definition, [...times(both, said({ worries: ['theft', 'fraud'] })), ...times(theft - both, said({ worries: ['theft'] })), ...times(fraud - both, said({ worries: ['fraud'] })), ...times(cannot, said({ worries: 'cannot_say' }))], { places: [pingAn], eligible: 500 })
        const [one, two] = ['theft', 'fraud'].map(option => tableOf(published, 'worries', option)?.counted?.columns)
        if (one && two) yield { numbers: [answered, cannot, theft, fraud], published, shown: [(one[0] ?? 0) + (one[1] ?? 0), Math.min(10, one[2] ?? 0), one[0] ?? 0, two[0] ?? 0] }
      }
    }

    const { results, shown, zero } = attack(surveys(), 17)

    expect(results).toBeGreaterThan(20)
    expect(Math.min(shown, zero)).toBeGreaterThanOrEqual(2)
  }, 60_000)

  it('of communities shown together no number of one alone is left certain, by any column, margin, turnout or the open answers beside', () => {
    const definition = aSurvey(aSingle('safe', ['yes', 'no']))
    function* surveys() {
      for (const numbers of numbersUpTo(12, 4)) {
        if ((numbers[0] ?? 0) + (numbers[1] ?? 0) >= 10) continue
        const published = countOf(definition, numbers.flatMap((count, at) => times(count, said({ safe: at % 2 ? 'no' : 'yes' }, { community: at < 2 ? pingAn : changLe }))), { eligible: 500 })
        const table = tableOf(published, 'safe')?.counted
        if (table) yield { numbers: [numbers[0] ?? 0, numbers[1] ?? 0], published, shown: table.columns }
      }
    }

    const { results, shown, zero } = attack(surveys(), 12)

    expect(results).toBeGreaterThan(3)
    expect([shown >= 8, zero >= 3], `${shown} and ${zero} values`).toEqual([true, true])
  }, 60_000)
})

describe('weights', () => {
  const lives = (each: Record<number, number>, community: string): CensusCount[] => [16, 30, 45, 60].map(ageFrom => ({ community, ageFrom, residents: each[ageFrom] ?? 0 }))
  const definition = aSurvey(aSingle('safe', ['yes', 'no'], { headline: ['yes'] }), aNumber('age', { min: 16, bands: [30, 45, 60] }))
  const people = (community: string, age: number, yes: number, no: number) => [...times(yes, said({ safe: 'yes', age }, { community })), ...times(no, said({ safe: 'no', age }, { community }))]
  const all = [...people(pingAn, 20, 20, 20), ...people(pingAn, 70, 5, 15), ...people(changLe, 20, 10, 10), ...people(changLe, 70, 0, 20)]
  const census = [...lives({ 16: 500, 60: 500 }, pingAn), ...lives({ 16: 500, 60: 500 }, changLe)]

  it('rake two communities by two ages, by hand', () => {
    /*
      Answers 40, 20 / 20, 20; margins half and half. Raking keeps the odds ratio of 2: p / (0.5 − p) = √2, p = 0.2929, so weights of 0.7322, 1.0355, 1.0355, 1.4645.
      Yes: 20 · 0.7322 + 5 · 1.0355 + 10 · 1.0355 = 30.2 of 100, in steps of five: 30; without weights 35. (Σw)²/Σw² = 10000 / 107.2 = 93.3.
    */
    const counts = countOf(definition, all, { census })

    expect(tableOf(counts, 'safe')?.counted?.columns).toEqual([35, 65])
    expect(tableOf(counts, 'safe')?.weighted).toEqual([30, 70])
    expect(counts.weights).toMatchObject({ isMet: true, effectiveSize: 95, largestGap: 0 })
    // From the published table: 60 of 100 are young and half should be.
    expect(counts.weights?.ages).toEqual([{ ageFrom: 16, weight: 0.8 }, { ageFrom: 30, weight: null }, { ageFrom: 45, weight: null }, { ageFrom: 60, weight: 1.3 }])
    expect(counts.weights?.communities).toEqual([{ community: pingAn, weight: 0.8 }, { community: changLe, weight: 1.3 }])
  })

  it('there are none with too few ages, without figures of a community, or of open answers', () => {
    expect(countOf(definition, all.slice(0, 99), { census }).weights).toBeNull()
    expect(countOf(definition, all, { census: lives({ 16: 500, 60: 500 }, pingAn) }).weights).toBeNull()
    expect(countOf(definition, all.map(response => ({ ...response, source: 'open' as const })), { census }).weights).toBeNull()
  })

  it('one answer more or less moves a weighted share by a step of five answers or not at all', () => {
    const random = randomOf(8)
    for (let trial = 0; trial < 200; trial++) {
      const some = Array.from({ length: 100 + Math.floor(random() * 300) }, () => said({ safe: random() < 0.4 ? 'yes' : 'no', age: 16 + Math.floor(random() * 70) }, { community: random() < 0.6 ? pingAn : changLe }))
      const full = census.map(each => ({ ...each, residents: each.residents + 100 }))
      const { weighted, counted } = tableOf(countOf(definition, some, { census: full }), 'safe') ?? {}
      if (!weighted || !counted) continue
      const step = Math.max(1, Math.ceil(500 / counted.base))
      expect(weighted.filter(share => share % step !== 0)).toEqual([])
    }
  })
})

describe('one in ten more, all the same, from one network', () => {
  const definition = aSurvey(aSingle('safe', ['yes', 'no'], { headline: ['yes'] }), aScale('trust', { headline: ['4', '5'] }), aMulti('worries', ['theft', 'fraud'], {}))
  const headlines = (counts: SurveyCounts, who: 'counted' | 'open') => definition.questions.flatMap((question) => {
    const chosen = 'headline' in question && question.headline ? question.headline : ['chosen']
    return counts.tables.filter(table => table.question === question.code).map((table) => {
      const of = table[who]
      return 100 * table.columns.reduce((sum, column, at) => sum + (chosen.includes(column) ? of?.columns[at] ?? 0 : 0), 0) / (of?.base ?? NaN)
    })
  })

  it.each([0.05, 0.3, 0.5, 0.8, 0.95])('moves every headline share of the open answers by less than two points, and of those who count not at all; the mark is raised (share of %d)', (share) => {
    const random = randomOf(Math.round(share * 100))
    const give = (isYes: () => boolean): Answers => ({ safe: isYes() ? 'yes' : 'no', trust: isYes() ? 5 : 2, worries: isYes() ? ['theft', 'fraud'] : ['fraud'] })
    const honest = Array.from({ length: 3000 }, (_, index) => ({ network: `home-${index}`, hour: Math.floor(index * 168 / 3000), answers: give(() => random() < share) }))
    for (const isYes of [true, false]) for (const when of ['first', 'last', 'spread'] as const) {
      const crowd = Array.from({ length: 300 }, (_, index) => ({ network: 'office', hour: when === 'first' ? 0 : when === 'last' ? 167 : Math.floor(index * 168 / 300), answers: give(() => isYes) }))
      const take = (sent: typeof honest): KeptResponse[] => {
        const [networks, hours] = [new Map<string, number>(), Array.from({ length: 168 }, () => 0)]
        let counted = 0
        return sent.map(({ network, hour, answers }) => {
          const marks = marksOf({ fromNetwork: networks.get(network) ?? 0, counted, hours: hours.slice(0, hour), inThisHour: hours[hour] ?? 0, isStaffDevice: false })
          networks.set(network, (networks.get(network) ?? 0) + 1)
          hours[hour] = (hours[hour] ?? 0) + 1
          if (!marks.includes('network')) counted += 1
          return said(answers, { source: 'open', marks })
        })
      }
      const vouched = honest.slice(0, 800).map(({ answers }) => said(answers))
      const sent = (when === 'first' ? [...crowd, ...honest] : [...honest, ...crowd]).toSorted((a, b) => a.hour - b.hour)
      const [before, after] = [countOf(definition, [...vouched, ...take(honest)]), countOf(definition, [...vouched, ...take(sent)])]

      headlines(after, 'open').forEach((moved, at) => expect(Math.abs(moved - (headlines(before, 'open')[at] ?? NaN)), `${isYes} ${when}`).toBeLessThan(2))
      expect(headlines(after, 'counted')).toEqual(headlines(before, 'counted'))
      expect([before.marks.network, (after.marks.network ?? 0) >= 240]).toEqual([0, true])
    }
  })
})
