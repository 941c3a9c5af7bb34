import { z } from 'zod'
import { AppError } from '#shared/errors'
import { withCategory } from '#shared/reports/draft'
import { findCategory } from '#server/domain/communities/get-reference-data'
import { defineStepAction } from '../../../../http/report-step.ts'

export default defineStepAction('category', z.object({ category: z.string('choose') }), ({ category: code }, { reference, answers }) => {
  const category = findCategory(reference, code)
  if (!category) throw new AppError('invalid', {}, { fields: { category: { key: 'choose' } } })
  return withCategory(answers, category)
})
