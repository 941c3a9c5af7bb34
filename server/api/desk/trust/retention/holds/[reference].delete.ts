import { referencePathSchema } from '#shared/reports/desk-schema'
import { liftHold } from '#server/domain/trust/retention'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  run: ({ services, actor, params }) => liftHold(services, actor, params.reference),
})
