import { reviewQuerySchema } from '#shared/patrols/plan-schema'
import { reviewPatrols } from '#server/domain/patrols/review-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'
import { text } from '../../../texts.ts'

export default defineDeskHandler({ query: reviewQuerySchema, run: ({ services, actor, query }) => reviewPatrols(services, actor, query, text) })
