import type { Readable } from 'node:stream'
import { AppError } from '#shared/errors'
import { attachmentLimits } from '#shared/reports/attachment'
import { reporterQueries, type Access, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { sealText, unwrapKey } from '../trust/envelope.ts'
import { signStatement, type Statement } from '../trust/statement.ts'
import { discardFile, receiveFile } from './receive-file.ts'
import { aboutReport } from './report-content.ts'

export interface AddedEvidence { id: string, type: string, size: number, sha256: string, statement: Statement }

/**
 * Adds one file to a report that was sent; the answer carries the next statement (RULES C3).
 * @param keepsOriginal the sender's choice for pictures; anonymous senders are asked, and the default is no (RULES G3)
 * @throws AppError not_found, rate_limited, too_many_files, report_too_large, invalid (file)
 */
export async function addEvidence(services: Services, reference: string, access: Access, bytes: Readable, { keepsOriginal, messageId }: { keepsOriginal?: boolean, messageId?: string }, limits: { guess: Limit[], act: Limit[] }): Promise<AddedEvidence> {
  const queries = reporterQueries(services.clients)
  const report = await queries.beginAddition(reference, access, limits.guess)
  if (report.count >= attachmentLimits.count) throw new AppError('too_many_files')
  const file = await receiveFile(services, bytes, { keepsOriginal: keepsOriginal ?? report.contact_mode !== 'anonymous' })
  try {
    const key = unwrapKey(services.keys.masterKeys, report.content_key, aboutReport(report.id, 'content'))
    const added = await queries.addAttachment(reference, access, {
      id: file.id, media_type: file.mediaType, size_bytes: file.sizeBytes, sha256: file.sha256, original_blob: file.originalBlob, view_blob: file.viewBlob,
      view_media_type: file.viewMediaType, key_sealed: sealText(key, file.key, aboutReport(report.id, 'file')), ...(messageId && { message_id: messageId }),
    }, limits.act)
    return {
      id: file.id, type: file.mediaType, size: file.sizeBytes, sha256: file.sha256,
      statement: signStatement(services.keys, {
        reference: added.report.reference, receivedAt: added.report.received_at, contentHash: added.report.content_hash,
        attachments: added.attachments.filter(({ author }) => author === 'reporter').map(({ sha256 }) => sha256),
      }),
    }
  }
  catch (error) {
    await discardFile(services, file)
    throw error
  }
}
