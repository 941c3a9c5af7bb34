import type { AlertOffers, AlertTemplate } from '#shared/alerts/alert-schema'
import { deskAlertQueries } from '#server/db/alerts'
import type { DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'

/** What the composer offers: what alerts may be about, and the station's templates. @throws AppError forbidden */
export async function readAlertOffers({ clients }: Services, actor: DeskActor): Promise<AlertOffers> {
  const { may_edit: mayEdit, events, templates } = await deskAlertQueries(clients, actor).offers()
  return { mayEdit, events, templates: templates.map(({ message_type: messageType, ...template }) => ({ ...template, messageType })) }
}

/** Adds a template, or writes it anew. @throws AppError forbidden, invalid_input */
export async function saveAlertTemplate({ clients }: Services, actor: DeskActor, { messageType, ...template }: AlertTemplate): Promise<void> {
  await deskAlertQueries(clients, actor).saveTemplate({ ...template, message_type: messageType })
}

/** Takes a template away; it does not come back with an update. @throws AppError forbidden, not_found */
export async function removeAlertTemplate({ clients }: Services, actor: DeskActor, slug: string): Promise<void> {
  await deskAlertQueries(clients, actor).removeTemplate(slug)
}
