import { describe, expect, it } from 'vitest'
import { definitionSchema } from '#shared/surveys/definition'
import { questionBank, safetySurvey } from '#shared/surveys/question-bank'
import { checkFlow, walk } from '#shared/surveys/walk'

const rest = ['age', 'wish']
const victimPath = (answers: Record<string, string | null>) => {
  const given = Object.fromEntries(questionBank.map(({ code }) => [code, null]))
  return walk(safetySurvey, { ...given, ...answers }).path.map(({ code }) => code).slice(questionBank.findIndex(({ code }) => code === 'victim'))
}

describe('the question bank', () => {
  it('has what PRODUCT §5 names, and more', () => {
    expect(questionBank.map(({ code }) => code)).toEqual(expect.arrayContaining(['sense_of_safety', 'walk_after_dark', 'worries', 'patrol_seen', 'confidence', 'victim_satisfied']))
    expect(questionBank.find(({ code }) => code === 'sense_of_safety')).toMatchObject({ kind: 'single', options: { length: 5 } })
  })

  it('makes a survey that may open as it stands', () => {
    expect(definitionSchema.parse(safetySurvey)).toEqual(safetySurvey)
    expect(checkFlow(safetySurvey)).toEqual([])
  })

  it.each<[Record<string, string | null>, string[]]>([
    [{ victim: 'no' }, ['victim']],
    [{ victim: null }, ['victim']],
    [{ victim: 'yes', reported: 'yes' }, ['victim', 'reported', 'victim_satisfied']],
    [{ victim: 'yes', reported: 'no' }, ['victim', 'reported', 'why_not_reported']],
    [{ victim: 'yes', reported: 'cannot_say' }, ['victim', 'reported']],
  ])('%j is asked %j, then everybody the same', (answers, path) => {
    expect(victimPath(answers)).toEqual([...path, ...rest])
  })

  it('has as many good answers as bad ones on every scale with a middle', () => {
    for (const code of ['good_job', 'confidence', 'victim_satisfied']) {
      const question = questionBank.find(each => each.code === code)
      expect(question && 'options' in question && question.options).toHaveLength(5)
    }
  })

  it('writes Chinese in Chinese and English in English', () => {
    const all = JSON.stringify(safetySurvey, (key, value: unknown) => key === 'code' || key === 'kind' || key === 'op' ? undefined : value)
    for (const [, zh, en] of all.matchAll(/"zh":"([^"]*)","en":"([^"]*)"/g)) {
      expect(zh).toMatch(/\p{Script=Han}/u)
      expect(en).not.toMatch(/\p{Script=Han}/u)
    }
    expect([...all.matchAll(/"zh":/g)].length).toBeGreaterThan(70)
  })
})
