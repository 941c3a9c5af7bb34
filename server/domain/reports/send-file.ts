import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'
import { unwrapKey } from '../trust/envelope.ts'
import { writeToReporter } from './handle-report.ts'
import { discardFile, receiveFile } from './receive-file.ts'
import { aboutReport } from './report-content.ts'
import { attachmentRow, type DraftFile } from './submit-report.ts'

/** A file of the desk that has come in and belongs to no letter yet: `sendFile` or `discardFile` is next. */
export interface ReceivedDeskFile { contentKey: Buffer, reportId: string, file: DraftFile }

/**
 * Takes in a file for the reporter. Who may not write to them is refused before the first byte is read. Of a picture only the
 * viewing copy stays: the officer's phone has nothing to tell either.
 * @throws AppError not_found, invalid (file), unavailable
 */
export async function receiveDeskFile(services: Services, actor: DeskActor, reference: string, bytes: Readable): Promise<ReceivedDeskFile> {
  const { id, content_key: wrapped } = await deskQueries(services.clients, actor).beginWriting(reference)
  const contentKey = unwrapKey(services.keys.masterKeys, wrapped, aboutReport(id, 'content'))
  return { contentKey, reportId: id, file: await receiveFile(services, bytes, { keepsOriginal: false }) }
}

/**
 * Sends a letter with a file to the reporter. If the file cannot be kept it is put away.
 * @param message `id`: random UUID; a repeated send adds neither letter nor file again
 * @throws AppError not_found, conflict, too_many_files, report_too_large
 */
export async function sendFile(services: Services, actor: DeskActor, reference: string, { contentKey, reportId, file }: ReceivedDeskFile, message: { text: string, id?: string }) {
  try {
    const { id, at } = await writeToReporter(services, actor, reference, message.text, message.id ?? randomUUID())
    const added = await deskQueries(services.clients, actor).addAttachment(reference, { ...attachmentRow(file, reportId, contentKey), message_id: id })
    if (added.is_replay) await discardFile(services, file)
    const kept = added.attachments.find(({ message_id: letter, sha256 }) => letter === id && sha256 === file.sha256)
    return { id, at, attachment: { id: kept?.id ?? file.id, at: kept?.at ?? at, author: 'staff' as const, messageId: id, type: file.mediaType, size: file.sizeBytes, sha256: file.sha256, hasView: file.viewBlob !== null, hasOriginal: file.originalBlob !== null } }
  }
  catch (error) {
    await discardFile(services, file)
    throw error
  }
}
