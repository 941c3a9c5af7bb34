import { changeStatusSchema, referencePathSchema } from '#shared/reports/desk-schema'
import { changeStatus } from '#server/domain/reports/handle-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  body: changeStatusSchema,
  run: ({ services, actor, params, body }) => changeStatus(services, actor, params.reference, body),
})
