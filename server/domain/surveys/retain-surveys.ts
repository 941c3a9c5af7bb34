import { surveyQueries } from '#server/db/surveys'
import type { Services } from '../services.ts'

const page = 1000

/** Takes answers and words of surveys whose results have been out for long enough. In pages. */
export async function retainSurveys({ clients }: Services) {
  const did = { answers: 0, texts: 0 }
  for (let hasMore = true; hasMore;) {
    const { answers, texts, has_more: more } = await surveyQueries(clients).retain(page)
    did.answers += answers
    did.texts += texts
    hasMore = more
  }
  return did
}

/** What `retainSurveys` would take now. */
export async function foreseeRetainedSurveys({ clients }: Services) {
  const { answers, texts } = await surveyQueries(clients).retain(page, true)
  return { answers, texts }
}
