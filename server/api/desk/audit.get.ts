import { auditQuerySchema } from '#shared/staff/desk-schema'
import { listAuditLog } from '#server/domain/staff/list-audit-log'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: auditQuerySchema,
  run: ({ services, actor, query }) => listAuditLog(services, actor, query),
})
