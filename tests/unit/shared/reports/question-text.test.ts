import { describe, expect, it } from 'vitest'
import type { Category } from '#shared/communities/reference-data'
import { answersInWords, questionsAskedAt } from '#shared/reports/question-text'

const text = (en: string) => ({ zh: en, en })
const category: Category = {
  code: 'noise', group: 'neighbourhood', visibility: 'private', urgency: 'normal', name: text('Noise'), description: text(''), guidance: text(''), is_about_police: false, allows_device_draft: true, retention_days: 365,
  questions: [{ code: 'source', kind: 'single', label: text('Where from, now?'), hint: null, options: [{ code: 'shop', label: text('A bar') }], is_required: false }],
  versions: [
    { code: 'source', until: '2026-03-01T00:00:00+08:00', kind: 'single', label: text('Where from, first?'), options: [{ code: 'shop', label: text('A shop') }] },
    { code: 'hours', until: '2026-04-01T00:00:00+08:00', kind: 'text', label: text('At what hours?'), options: [] },
    { code: 'source', until: '2026-05-01T00:00:00+08:00', kind: 'single', label: text('Where from, then?'), options: [{ code: 'shop', label: text('A shop') }, { code: 'site', label: text('A building site') }] },
  ],
}
const answers = { source: 'shop', hours: 'at night' }

describe('answers of an old report', () => {
  it.each([
    ['2026-02-01T00:00:00+08:00', [{ label: 'Where from, first?', value: 'A shop' }, { label: 'At what hours?', value: 'at night' }]],
    ['2026-03-15T00:00:00+08:00', [{ label: 'Where from, then?', value: 'A shop' }, { label: 'At what hours?', value: 'at night' }]],
    ['2026-04-15T00:00:00+08:00', [{ label: 'Where from, then?', value: 'A shop' }]],
    ['2026-06-01T00:00:00+08:00', [{ label: 'Where from, now?', value: 'A bar' }]],
  ])('filed at %s stand under the words that were asked', (filedAt, words) => {
    expect(answersInWords(category, [], answers, 'en', filedAt)).toEqual(words)
  })

  it('in a form that is being filled in stand under the words of now', () => {
    expect(answersInWords(category, [], answers, 'en')).toEqual([{ label: 'Where from, now?', value: 'A bar' }])
  })

  it('come in the order of the questions, what is no longer asked last', () => {
    expect(questionsAskedAt(category, '2026-02-01T00:00:00Z').map(({ code }) => code)).toEqual(['source', 'hours'])
  })
})
