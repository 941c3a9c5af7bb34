import { categoriesQuerySchema } from '#shared/reports/report-schema'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { defineApiHandler } from '../http/api-handler.ts'
import { getServices } from '../services.ts'

/** The service list in one language. */
export default defineApiHandler({
  query: categoriesQuerySchema,
  async run({ query, locale: asked }) {
    const locale = query.locale ?? asked
    const { categories } = await getReferenceData(await getServices())
    return categories.map(({ code, group, visibility, urgency, name, description, guidance, questions }) => ({
      code, name: name[locale], group, visibility, urgency, description: description[locale], guidance: guidance[locale],
      questions: questions.map(({ code, kind, label, hint, options, is_required: isRequired }) => ({
        code, kind, label: label[locale], hint: hint?.[locale] ?? null, isRequired, options: options.map(option => ({ code: option.code, label: option.label[locale] })),
      })),
    }))
  },
})
