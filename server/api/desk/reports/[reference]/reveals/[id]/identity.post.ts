import { revealPathSchema } from '#shared/reports/reveal-schema'
import { readIdentity } from '#server/domain/reports/reveal-sealed'
import { defineDeskHandler } from '#server/http/desk-handler'

/** A POST, so that no link or prefetch reads an identity. */
export default defineDeskHandler({
  params: revealPathSchema,
  run: ({ services, actor, params }) => readIdentity(services, actor, params.reference, params.id),
})
