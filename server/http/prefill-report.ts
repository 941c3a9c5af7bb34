import type { H3Event } from 'h3'
import type { Locale } from '#shared/locales'
import { newDraft } from '#server/domain/reports/draft'
import type { Services } from '#server/domain/services'
import { keepDraft, readDraft, stepPath } from './report-step.ts'

/**
 * Opens the report form with some words in it: nothing is sent, and an unsent form that this browser has keeps what is in it.
 * @returns where the form goes on
 * @throws AppError rate_limited, too_large
 */
export async function prefillReport(event: H3Event, services: Services, locale: Locale, words: string): Promise<string> {
  const known = await readDraft(event, services)
  const { token, draft } = known && !known.draft.sent ? known : newDraft()
  const { details } = draft.answers
  const description = details?.description.includes(words) ? details.description : [details?.description, words].filter(Boolean).join('\n\n')
  // The category's own questions are asked all the same.
  await keepDraft(event, services, { token, draft: { ...draft, answers: { ...draft.answers, details: { answers: {}, ...details, description, isStale: true } } } })
  return stepPath(locale, 'category')
}
