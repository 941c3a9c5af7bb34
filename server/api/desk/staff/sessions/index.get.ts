import { listStaffSessions } from '#server/domain/staff/staff-sessions'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => listStaffSessions(services, actor),
})
