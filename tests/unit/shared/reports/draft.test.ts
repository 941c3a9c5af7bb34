import { describe, expect, test } from 'vitest'
import type { Category } from '#shared/communities/reference-data'
import { firstMissingStep, mayOpen, reportOf, reportSteps, stepAfter, stepNumber, stepsFor, withCategory, type DraftAnswers } from '#shared/reports/draft'
import { reportInputSchema } from '#shared/reports/report-schema'

const anAnsweredDraft = (changes: DraftAnswers = {}): DraftAnswers => ({
  category: 'theft', place: { grid: 'PA-01' }, when: { precision: 'rough', text: 'last night' }, details: { description: 'My bicycle is gone.', answers: {} },
  files: { isDone: true }, contact: { mode: 'anonymous' }, ...changes,
})
const aCategory = (code: string, allowsDeviceDraft = true): Category => ({
  code, group: 'people', visibility: 'private', urgency: 'normal', name: { zh: code, en: code }, description: { zh: '', en: '' }, guidance: { zh: '', en: '' },
  is_about_police: false, allows_device_draft: allowsDeviceDraft, retention_days: 365, questions: [],
})

describe('the steps of the form', () => {
  test('an empty draft begins with the category and opens nothing else', () => {
    expect(firstMissingStep({})).toBe('category')
    expect(mayOpen('category', {})).toBe(true)
    expect(mayOpen('place', {})).toBe(false)
    expect(mayOpen('check', {})).toBe(false)
  })

  test('whoever stays anonymous is not asked how to be reached', () => {
    expect(stepsFor(anAnsweredDraft())).not.toContain('reach')
    expect(stepsFor(anAnsweredDraft({ contact: { mode: 'named' } }))).toContain('reach')
    expect(firstMissingStep(anAnsweredDraft({ contact: { mode: 'named' } }))).toBe('reach')
  })

  test('are counted alike for everybody, before and after the question who it is', () => {
    expect(['category', 'contact', 'reach', 'check'].map(step => stepNumber(reportSteps.find(known => known === step) ?? 'category'))).toEqual([
      { number: 1, count: 7, isContinued: false }, { number: 6, count: 7, isContinued: false }, { number: 6, count: 7, isContinued: true }, { number: 7, count: 7, isContinued: false },
    ])
  })

  test('a step that is answered leads to the next, a changed one back to the check', () => {
    expect(stepAfter('category', { category: 'theft' }, false)).toBe('place')
    expect(stepAfter('place', anAnsweredDraft(), true)).toBe('check')
    expect(stepAfter('contact', anAnsweredDraft({ contact: { mode: 'sealed' } }), true)).toBe('reach')
  })
})

describe('another category', () => {
  test('asks its own questions, and keeps what was written', () => {
    const answers = withCategory(anAnsweredDraft(), aCategory('fraud'))

    expect(firstMissingStep(answers)).toBe('details')
    expect(answers.details?.description).toBe('My bicycle is gone.')
  })

  test('asks again how to be reached where being reached may be dangerous (RULES D3)', () => {
    const named = anAnsweredDraft({ contact: { mode: 'named' }, reach: { phone: '13800000000', isPortalOnly: false } })

    expect(withCategory(named, aCategory('domestic_violence', false)).reach).toBeUndefined()
    expect(withCategory(named, aCategory('fraud')).reach).toEqual(named.reach)
  })

  test('the same one changes nothing', () => {
    expect(withCategory(anAnsweredDraft(), aCategory('theft'))).toEqual(anAnsweredDraft())
  })
})

describe('the report of a draft', () => {
  test('is there once every step is answered, and is one that the use case takes', () => {
    expect(reportOf({ ...anAnsweredDraft(), files: undefined }, 'zh')).toBeUndefined()
    expect(reportInputSchema.safeParse(reportOf(anAnsweredDraft(), 'zh')).success).toBe(true)
  })

  test('holds no contact when it is anonymous, whatever was typed before (RULES B1)', () => {
    const answers = anAnsweredDraft({ reach: { name: 'Amina', phone: '13800000000', isPortalOnly: false } })

    expect(reportOf(answers, 'en')?.contact).toEqual({ mode: 'anonymous' })
  })
})
