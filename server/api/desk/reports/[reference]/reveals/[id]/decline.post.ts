import { revealPathSchema } from '#shared/reports/reveal-schema'
import { decideReveal } from '#server/domain/reports/reveal-sealed'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: revealPathSchema,
  run: ({ services, actor, params }) => decideReveal(services, actor, params.reference, params.id, false),
})
