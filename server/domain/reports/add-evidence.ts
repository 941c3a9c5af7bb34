import type { Readable } from 'node:stream'
import { AppError } from '#shared/errors'
import { attachmentLimits } from '#shared/reports/attachment'
import { reporterQueries, type Access, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { unwrapKey } from '../trust/envelope.ts'
import { signStatement, type Statement } from '../trust/statement.ts'
import { discardFile, receiveFile, withoutOriginal } from './receive-file.ts'
import { aboutReport } from './report-content.ts'
import { attachmentRow, type DraftFile } from './submit-report.ts'

export interface AddedEvidence { id: string, type: string, size: number, sha256: string, statement: Statement }

/** A file that has come in for a report and is not part of it yet: `attachEvidence` or `discardFile` is next. */
export interface ReceivedEvidence { report: { id: string, contentKey: Buffer, isAnonymous: boolean }, access: Access, file: DraftFile }

interface EvidenceChoices {
  /** The sender's choice for pictures: our forms ask, and the default is no. Without it, as over the API, an anonymous sender's is not kept and others' is (RULES G3). */
  keepsOriginal?: boolean
  /** The letter that the file came with; a letter that is sent again brings its file only once. */
  messageId?: string
}

/**
 * Adds one file to a report that was sent; the answer carries the next statement (RULES C3).
 * @throws AppError not_found, rate_limited, too_many_files, report_too_large, invalid (file)
 */
export async function addEvidence(services: Services, reference: string, access: Access, bytes: Readable, choices: EvidenceChoices, limits: { guess: Limit[], act: Limit[] }): Promise<AddedEvidence> {
  return attachEvidence(services, reference, await receiveEvidence(services, reference, access, bytes, limits.guess), choices, limits.act)
}

/**
 * Takes in a file for a report. Who may not add to it is refused before the first byte is read.
 * @throws AppError not_found, rate_limited, too_many_files, invalid (file)
 */
export async function receiveEvidence(services: Services, reference: string, access: Access, bytes: Readable, guessLimits: Limit[]): Promise<ReceivedEvidence> {
  const report = await reporterQueries(services.clients).beginAddition(reference, access, guessLimits)
  if (report.count >= attachmentLimits.count) throw new AppError('too_many_files')
  const contentKey = unwrapKey(services.keys.masterKeys, report.content_key, aboutReport(report.id, 'content'))
  return { report: { id: report.id, contentKey, isAnonymous: report.contact_mode === 'anonymous' }, access, file: await receiveFile(services, bytes, { keepsOriginal: true }) }
}

/**
 * Makes a received file part of its report; if that fails, the file is put away.
 * @throws AppError not_found, rate_limited, too_many_files, report_too_large
 */
export async function attachEvidence(services: Services, reference: string, { report, access, file: received }: ReceivedEvidence, { keepsOriginal, messageId }: EvidenceChoices, limits: Limit[]): Promise<AddedEvidence> {
  try {
    const file = keepsOriginal ?? !report.isAnonymous ? received : await withoutOriginal(services, received)
    const added = await reporterQueries(services.clients).addAttachment(reference, access, { ...attachmentRow(file, report.id, report.contentKey), ...(messageId && { message_id: messageId }) }, limits)
    if (added.is_replay) await discardFile(services, file)
    return {
      id: file.id, type: file.mediaType, size: file.sizeBytes, sha256: file.sha256,
      statement: signStatement(services.keys, {
        reference: added.report.reference, receivedAt: added.report.received_at, contentHash: added.report.content_hash,
        attachments: added.attachments.filter(({ author }) => author === 'reporter').map(({ sha256 }) => sha256),
      }),
    }
  }
  catch (error) {
    await discardFile(services, received)
    throw error
  }
}
