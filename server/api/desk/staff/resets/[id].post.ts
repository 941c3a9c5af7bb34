import { decideResetSchema, resetPathSchema } from '#shared/staff/second-factor'
import { decideFactorReset } from '#server/domain/staff/staff-sessions'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: resetPathSchema,
  body: decideResetSchema,
  run: ({ services, actor, params: { id }, body: { confirms } }) => decideFactorReset(services, actor, id, confirms),
})
