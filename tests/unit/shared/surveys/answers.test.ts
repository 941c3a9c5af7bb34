import { describe, expect, it } from 'vitest'
import { checkAnswer } from '#shared/surveys/answers'
import { questionSchema } from '#shared/surveys/definition'
import { aMatrix, aMulti, aNumber, aScale, aSingle, aText, words } from './survey-builder'

const check = (question: object, raw: unknown) => {
  const checked = checkAnswer(questionSchema.parse(question), raw)
  return checked.ok ? checked.answer : { refused: checked.code }
}
const refused = (code: string) => ({ refused: code })
const worries = { ...aMulti('worries', ['theft', 'fraud', 'noise'], { atMost: 2 }), options: [...['theft', 'fraud', 'noise'].map(code => ({ code, label: words(code) })), { code: 'none', label: words('都不担心', 'None'), isAlone: true }] }
const police = aMatrix('police', ['polite', 'prompt'], ['good', 'poor'], { hasCannotSay: true })

describe('one answer from outside', () => {
  it.each<[string, object, unknown, unknown]>([
    ['an option', aSingle('safe', ['yes', 'no']), 'yes', 'yes'],
    ['an option that there is none of', aSingle('safe', ['yes', 'no']), 'maybe', refused('unknown_option')],
    ['two options where one may be chosen', aSingle('safe', ['yes', 'no']), ['yes', 'no'], refused('unknown_option')],
    ['nothing, which is to pass over', aSingle('safe', ['yes', 'no']), '', null],
    ['nothing where an answer is needed', aSingle('safe', ['yes', 'no'], { isRequired: true }), undefined, refused('required')],
    ['cannot say where that is offered', aSingle('safe', ['yes', 'no'], { hasCannotSay: true, isRequired: true }), 'cannot_say', 'cannot_say'],
    ['cannot say where it is not', aSingle('safe', ['yes', 'no']), 'cannot_say', refused('unknown_option')],
    ['several, in the order of the question and each once', worries, ['fraud', 'theft', 'fraud'], ['theft', 'fraud']],
    ['one of several as a form sends it', worries, 'noise', ['noise']],
    ['more than may be chosen', worries, ['theft', 'fraud', 'noise'], refused('too_many')],
    ['none of these, alone', worries, ['none'], ['none']],
    ['none of these and one of them', worries, ['none', 'theft'], refused('chosen_alone')],
    ['an unknown one among several', worries, ['theft', 'ghosts'], refused('unknown_option')],
    ['no list at all', worries, [], null],
    ['a point as a form sends it', aScale('trust'), ' 4 ', 4],
    ['zero on a scale from one', aScale('trust'), 0, refused('out_of_range')],
    ['half a point', aScale('trust'), '3.5', refused('not_whole')],
    ['a word for a number', aNumber('age'), 'forty', refused('not_a_number')],
    ['a number without end', aNumber('age'), Infinity, refused('not_a_number')],
    ['a number in another writing', aNumber('age'), '0x10', refused('not_a_number')],
    ['a number above the most', aNumber('age'), 121, refused('out_of_range')],
    ['a part of a number where parts are allowed', aNumber('hours', { isWhole: false }), '2.5', 2.5],
    ['rows in the order of the question', police, { prompt: 'poor', polite: 'cannot_say' }, { polite: 'cannot_say', prompt: 'poor' }],
    ['a row that was passed over', police, { polite: 'good', prompt: '' }, { polite: 'good' }],
    ['no row at all', police, {}, null],
    ['a row that there is none of', police, { clever: 'good' }, refused('unknown_option')],
    ['a row called like a part of every object', police, JSON.parse('{"__proto__": "good"}'), refused('unknown_option')],
    ['a row passed over where all are needed', { ...police, isRequired: true }, { polite: 'good' }, refused('incomplete')],
    ['a text, without the space around it', aText('else'), '  谢谢 ', '谢谢'],
    ['a text as long as it may be, in characters and not in halves of them', aText('else', { maxLength: 3 }), '好𠮷𠮷', '好𠮷𠮷'],
    ['a longer text', aText('else', { maxLength: 3 }), '好的谢谢', refused('too_long')],
    ['a text that says it cannot say', aText('else'), 'cannot_say', 'cannot_say'],
    ['something that is no text', aText('else'), { a: 1 }, refused('unknown_option')],
  ])('%s', (_, question, raw, expected) => {
    expect(check(question, raw)).toEqual(expected)
  })
})
