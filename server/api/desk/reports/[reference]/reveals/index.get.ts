import { referencePathSchema } from '#shared/reports/desk-schema'
import { listReveals } from '#server/domain/reports/reveal-sealed'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  run: ({ services, actor, params }) => listReveals(services, actor, params.reference),
})
