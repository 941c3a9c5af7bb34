import type { ResponseTemplate } from '#shared/reports/response-template'
import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'

/** The prepared sentences of the desk, in the order of the service list. Empty for whoever is not staff. */
export async function listTemplates(services: Services, actor: DeskActor): Promise<ResponseTemplate[]> {
  const templates = await deskQueries(services.clients, actor).listTemplates()
  return templates.map(({ category_code: category, closed_reason: closedReason, ...rest }) => ({ ...rest, category, closedReason }))
}
