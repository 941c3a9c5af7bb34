import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectEmergency } from '#server/chat/emergency/detect-emergency'
import { corpusEn } from './corpus.en.ts'
import { corpusZh } from './corpus.zh.ts'
import { heldoutEn } from './heldout.en.ts'
import { heldoutZh } from './heldout.zh.ts'
import type { Phrase } from './phrase.ts'

const corpora = { zh: corpusZh, en: corpusEn }
const heldouts = { zh: heldoutZh, en: heldoutEn }

describe.each(Object.entries(corpora))('the emergency rules, corpus %s', (_locale, corpus) => {
  it.each(corpus.filter(phrase => phrase.expect !== null))('show the call card for "$text" ($why)', ({ text, expect: kind }) => {
    expect(detectEmergency(text)?.kind).toBe(kind)
  })

  it.each(corpus.filter(phrase => phrase.expect === null))('stay silent on "$text" ($why)', ({ text }) => {
    expect(detectEmergency(text)).toBeUndefined()
  })

  it('holds at least 180 different phrases, with every reason for silence', () => {
    const silent = corpus.filter(phrase => phrase.expect === null).map(phrase => phrase.why)

    expect(new Set(corpus.map(phrase => phrase.text)).size).toBe(corpus.length)
    expect(corpus.length).toBeGreaterThanOrEqual(180)
    for (const why of ['negation', 'past', 'figure', 'question'] as const) {
      expect(silent.filter(reason => reason === why).length, why).toBeGreaterThanOrEqual(15)
    }
  })
})

describe.each(Object.entries(heldouts))('the emergency rules, held-out phrases %s', (_locale, phrases) => {
  it('are at least 60 and share none with the corpus', () => {
    const known = new Set([...corpusZh, ...corpusEn].map(phrase => phrase.text))

    expect(phrases.length).toBeGreaterThanOrEqual(60)
    expect(phrases.filter(phrase => known.has(phrase.text))).toEqual([])
  })

  it('find at least 95 of 100 dangers and are right at least 90 times of 100', () => {
    const { recall, precision, missed, needless } = measure(phrases)

    expect(recall, missed.join(' / ')).toBeGreaterThanOrEqual(0.95)
    expect(precision, needless.join(' / ')).toBeGreaterThanOrEqual(0.9)
  })
})

describe('the emergency rules on any text', () => {
  const polite = ['', '你好，', '您好！', '麻烦您，', 'Hello, ', 'Good evening. ', '谢谢。', ' Thank you.', '  ', '\n', '…', '——', '"', '\u200b']

  it('find the same with greetings and punctuation around', () => {
    const phrase = fc.constantFrom(...corpusZh, ...corpusEn)

    fc.assert(
      fc.property(phrase, fc.constantFrom(...polite), fc.constantFrom('。', ...polite), ({ text, expect: kind }, before, after) => {
        expect(detectEmergency(before + text + (after === '' ? '' : `。${after}`))?.kind ?? null).toBe(kind)
      }),
      { numRuns: 1500 },
    )
  })

  it('find the same in capitals, full width, traditional script and with invisible characters', () => {
    for (const text of ['HE HAS A KNIFE', 'ｈｅ ｈａｓ ａ ｋｎｉｆｅ', 'he has a\u00a0kn\u200bife', 'he has a knife\u0000', '他手裡有槍', '有人拿著刀砍人', '拿\u200d着\ufeff刀']) {
      expect(detectEmergency(text)?.kind, text).toBe('violence')
    }
  })

  it('read every locale in every text, because residents mix them', () => {
    expect(detectEmergency('my neighbour 在打老婆')?.kind).toBe('violence')
    expect(detectEmergency('老师 my kid is missing')?.kind).toBe('missing_child')
  })

  it('name the gravest kind, its service and the words that decided', () => {
    expect(detectEmergency('他打我，房子着火了')).toEqual({ kind: 'fire', service: 'fire', matched: '着 火' })
    expect(detectEmergency('my dad collapsed')).toMatchObject({ kind: 'medical', service: 'medical' })
    expect(detectEmergency('出车祸了')).toMatchObject({ kind: 'traffic', service: 'traffic' })
    expect(detectEmergency('有人撬门')).toMatchObject({ kind: 'break_in', service: 'police' })
  })

  it('never throw, whatever the characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(() => detectEmergency(text)).not.toThrow()
    }))
    for (const text of ['', '\u0000', '\ud800', '\udfff着火', 'a\ud83d', '^', '$', '|', '\'\'\'']) expect(() => detectEmergency(text)).not.toThrow()
    expect(detectEmergency('\ud800着火了\udc00')?.kind).toBe('fire')
  })

  it('find an emergency at the end of a very long text', () => {
    expect(detectEmergency(`${'楼道里堆满杂物。'.repeat(20_000)}家里着火了`)?.kind).toBe('fire')
  })
})

describe('the emergency rules take linear time', () => {
  const size = 200_000
  const fill = (piece: string): string => piece.repeat(Math.floor(size / Buffer.byteLength(piece)))
  const distinctWords = Array.from({ length: size / 9 }, (_, index) => `q${index.toString(36).padStart(7, 'z')}`).join(' ')

  it.each([
    ['one letter', fill('a')], ['one Han character', fill('刀')], ['nonsense words', distinctWords], ['attacks without an object', fill('打刀拿')],
    ['half phrases', fill('someone is trying to open ')], ['dangers', fill('he hit me ')], ['denied dangers', fill('no one hit me ')], ['Chinese dangers', fill('没有打我')],
    ['characters spelled apart', fill('着！')], ['combining marks', fill('a\u0315\u0300\u0327\u0345')], ['only combining marks', fill('\u0315\u0300')],
    ['words nearly known', fill('attackqing amblulxnce ')], ['ligatures that unfold', fill('\ufdfa')], ['quotes', fill('\'')], ['past and present', fill('昨天打我现在还在')], ['lone surrogates', fill('\ud800')], ['clause breaks', fill('打，')],
  ])('on 200 kB of %s', (_name, text) => {
    const times = [1, 2, 3, 4, 5].map(() => {
      const before = process.threadCpuUsage().user
      detectEmergency(text)
      return (process.threadCpuUsage().user - before) / 1000
    })

    // Time on the processor, so that other suites beside this one do not count.
    expect(Math.min(...times)).toBeLessThan(50)
  })
})

function measure(phrases: readonly Phrase[]): { recall: number, precision: number, missed: string[], needless: string[] } {
  const missed = phrases.filter(phrase => phrase.expect !== null && !detectEmergency(phrase.text)).map(phrase => phrase.text)
  const needless = phrases.filter(phrase => phrase.expect === null && detectEmergency(phrase.text)).map(phrase => phrase.text)
  const dangers = phrases.filter(phrase => phrase.expect !== null).length
  const found = dangers - missed.length
  return { recall: found / dangers, precision: found / (found + needless.length), missed, needless }
}

it.each(['拿不准就打 96110，或到警务室当面问。', '已经转了钱，马上打１１０。', '有事就打12345'])('a number that is dialled hits nobody: %s', (text) => {
  expect(detectEmergency(text)).toBeUndefined()
})
