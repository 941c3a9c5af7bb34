import { outcomeSchema, revisitPathSchema } from '#shared/revisits/revisit-schema'
import { settleSuggestion } from '#server/domain/revisits/record-visit'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: revisitPathSchema,
  body: outcomeSchema,
  run: ({ services, actor, params, body }) => settleSuggestion(services, actor, params.reference, params.id, body.text),
})
