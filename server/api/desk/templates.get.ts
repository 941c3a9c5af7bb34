import { staffRoles } from '#shared/staff/desk-schema'
import { listTemplates } from '#server/domain/reports/list-templates'
import { requireRole } from '#server/domain/staff/read-desk-profile'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  async run({ services, actor }) {
    await requireRole(services, actor, staffRoles)
    return { templates: await listTemplates(services, actor) }
  },
})
