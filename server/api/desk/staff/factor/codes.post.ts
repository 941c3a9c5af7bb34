import { renewRecoveryCodes } from '#server/domain/staff/enrol-factor'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => renewRecoveryCodes(services, actor),
})
