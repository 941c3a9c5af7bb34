import { deskResponsesQuerySchema } from '#shared/alerts/desk-progress'
import { listResponses } from '#server/domain/alerts/respond-to-alert'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: deskResponsesQuerySchema,
  run: ({ services, actor, query: { alert, kind, before } }) => listResponses(services, actor, { ...(alert && { identifier: alert }), ...(kind && { kind }), ...(before && { before }) }),
})
