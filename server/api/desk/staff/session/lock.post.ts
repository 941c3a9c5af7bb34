import { lockDeskSession } from '#server/domain/staff/desk-session'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  inAnyState: true,
  run: ({ services, actor }) => lockDeskSession(services, actor),
})
