import { z } from 'zod'
import { AppError } from '#shared/errors'
import { fieldErrors } from '#shared/forms/field-errors'
import { requiredText } from '#shared/forms/fields'
import { answersSchema, textLimits } from '#shared/reports/report-schema'
import { findCategory } from '#server/domain/communities/get-reference-data'
import { checkAnswers } from '#server/domain/reports/check-answers'
import { defineStepAction } from '../../../../http/report-step.ts'

/** Answers to the category's own questions come as `answers.<question code>`. */
const prefix = 'answers.'

export default defineStepAction('details', z.looseObject({ description: z.string('required') }), ({ description: typed, ...fields }, { reference, answers }) => {
  const category = findCategory(reference, answers.category ?? '')
  if (!category) throw new AppError('invalid', {}, { fields: { form: { key: 'reports.check.incomplete' } } })
  const description = requiredText(textLimits.description).safeParse(typed)
  const given = answersSchema.safeParse(Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])))
  const checked = given.success ? checkAnswers(category, reference.communities, given.data, { needsRequired: true }) : undefined
  const errors = {
    ...(description.success ? {} : { description: Object.values(fieldErrors(description.error))[0] ?? { key: 'required' } }),
    ...checked?.errors,
    ...(given.success ? {} : Object.fromEntries(Object.entries(fieldErrors(given.error)).map(([name, error]) => [prefix + name.replace(/\.\d+$/, ''), error]))),
  }
  if (!description.success || !checked || Object.keys(errors).length) throw new AppError('invalid', {}, { fields: errors })
  return { ...answers, details: { description: description.data, answers: checked.answers } }
})
