import { referencePathSchema } from '#shared/reports/desk-schema'
import { askRevealSchema } from '#shared/reports/reveal-schema'
import { askReveal } from '#server/domain/reports/reveal-sealed'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  body: askRevealSchema,
  run: ({ services, actor, params, body }) => askReveal(services, actor, params.reference, body),
})
