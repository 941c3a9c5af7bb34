import { endStaffSessionsSchema } from '#shared/staff/second-factor'
import { endStaffSessions } from '#server/domain/staff/staff-sessions'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: endStaffSessionsSchema,
  run: ({ services, actor, body }) => endStaffSessions(services, actor, body),
})
