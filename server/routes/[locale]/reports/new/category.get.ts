import type { CategoryPage } from '#shared/reports/step-pages'
import { suggestedBy } from '#server/domain/alerts/tip-about'
import { defineStepPage } from '../../../../http/report-step.ts'

/** What is it about? The service list, in its groups. */
export default defineStepPage<Pick<CategoryPage, 'groups' | 'chosen'>>('category', ({ reference, answers, alert, locale }) => ({
  groups: [...Map.groupBy(reference.categories, ({ group }) => group)].map(([code, categories]) => ({
    code, choices: categories.map(({ code, name, description }) => ({ value: code, label: name[locale], hint: description[locale] })),
  })),
  chosen: answers.category ?? (alert && suggestedBy(alert, reference).category),
}))
