import type { DetailsPage } from '#shared/reports/step-pages'
import { questionTexts } from '#shared/reports/question-text'
import { findCategory } from '#server/domain/communities/get-reference-data'
import { defineStepPage } from '../../../../http/report-step.ts'

/** What happened, and the category's own questions. */
export default defineStepPage<Pick<DetailsPage, 'category' | 'guidance' | 'questions' | 'answer'>>('details', ({ reference, answers, locale }) => {
  const category = findCategory(reference, answers.category ?? '')
  return {
    category: category?.name[locale] ?? '', guidance: category?.guidance[locale].split('\n') ?? [],
    questions: category ? questionTexts(category, reference.communities, locale) : [], answer: answers.details,
  }
})
