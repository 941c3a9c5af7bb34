import { beginFactor } from '#server/domain/staff/enrol-factor'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  inAnyState: true,
  run: ({ services, actor }) => beginFactor(services, actor),
})
