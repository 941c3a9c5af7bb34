import { reporterQueries, type Access, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { sealText, unwrapKey } from '../trust/envelope.ts'
import { aboutReport } from './report-content.ts'

/**
 * A letter from the reporter to the desk.
 * @param messageId random UUID of the form: a repeated send adds nothing
 * @throws AppError not_found, rate_limited
 */
export async function addMessage(services: Services, reference: string, access: Access, message: { text: string, messageId: string }, limits: { guess: Limit[], act: Limit[] }): Promise<{ id: string, at: string }> {
  const queries = reporterQueries(services.clients)
  const { id, content_key: wrapped } = await queries.beginAddition(reference, access, limits.guess)
  const key = unwrapKey(services.keys.masterKeys, wrapped, aboutReport(id, 'content'))
  const { at } = await queries.addMessage(reference, access, { message_id: message.messageId, text_sealed: sealText(key, message.text, aboutReport(id, 'message')), limits: limits.act })
  return { id: message.messageId, at }
}
