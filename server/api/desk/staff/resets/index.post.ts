import { proposeResetSchema } from '#shared/staff/second-factor'
import { proposeFactorReset } from '#server/domain/staff/staff-sessions'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: proposeResetSchema,
  run: ({ services, actor, body: { person } }) => proposeFactorReset(services, actor, person),
})
