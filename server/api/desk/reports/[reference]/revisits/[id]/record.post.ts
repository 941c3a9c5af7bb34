import { recordVisitSchema, revisitPathSchema } from '#shared/revisits/revisit-schema'
import { recordVisit } from '#server/domain/revisits/record-visit'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: revisitPathSchema,
  body: recordVisitSchema,
  run: ({ services, actor, params, body }) => recordVisit(services, actor, params.reference, params.id, body),
})
