import type { FieldErrors } from '#shared/errors'
import type { Category, Community } from '#shared/communities/reference-data'

type Answers = Record<string, string | string[]>

/**
 * Answers to a category's own questions: unknown ones are dropped, wrong ones named.
 * @param needsRequired a form asks again for what is missing; a call from outside is taken as it is, for half a report beats none
 * @returns the answers kept, the officers named, and errors by `answers.<question code>`
 */
export function checkAnswers(category: Category, communities: readonly Community[], answers: Answers, { needsRequired }: { needsRequired: boolean }): { answers: Answers, aboutStaff: string[], errors: FieldErrors } {
  const kept: Answers = {}
  const errors: FieldErrors = {}
  const aboutStaff: string[] = []
  const officers = new Set(communities.flatMap(community => community.officers.map(officer => officer.id)))

  for (const question of category.questions) {
    const given = answers[question.code]
    const values = (Array.isArray(given) ? given : given === undefined ? [] : [given]).map(value => value.trim()).filter(Boolean)
    const field = `answers.${question.code}`
    const known = (value: string) => question.options.some(option => option.code === value)
    if (values.length === 0) {
      if (question.is_required && needsRequired) errors[field] = { key: question.kind === 'single' || question.kind === 'multi' ? 'choose' : 'required' }
      continue
    }
    const [first = ''] = values
    switch (question.kind) {
      case 'text': kept[question.code] = first; break
      case 'number':
        if (/^\d{1,9}([.,]\d{1,2})?$/.test(first)) kept[question.code] = first
        else errors[field] = { key: 'number' }
        break
      case 'single':
        if (known(first)) kept[question.code] = first
        else errors[field] = { key: 'choose' }
        break
      case 'multi':
        if (values.every(known)) kept[question.code] = [...new Set(values)]
        else errors[field] = { key: 'choose' }
        break
      case 'officer':
        if (first === 'unknown' || officers.has(first)) kept[question.code] = first
        else errors[field] = { key: 'choose' }
        if (officers.has(first)) aboutStaff.push(first)
        break
    }
  }
  return { answers: kept, aboutStaff, errors }
}
