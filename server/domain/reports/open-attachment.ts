import { PassThrough, pipeline, type Readable } from 'node:stream'
import { AppError } from '#shared/errors'
import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import { reporterQueries, type Access, type Limit, type OpenedAttachment } from '#server/db/reports'
import type { Services } from '../services.ts'
import { openBytes, unwrapKey } from '../trust/envelope.ts'
import { openStream } from '../trust/sealed-stream.ts'
import { aboutFile } from './receive-file.ts'
import { aboutReport } from './report-content.ts'

export interface OpenFile { bytes: Readable, mediaType: string, /** A viewing copy may be shown; anything else is for download only. */ isView: boolean }

/** A file for the desk: the viewing copy of a picture, or the file itself of other types. Logged with the opening. @throws AppError not_found */
export async function openDeskAttachment(services: Services, actor: DeskActor, id: string): Promise<OpenFile & { reference: string }> {
  const file = await deskQueries(services.clients, actor).openAttachment(id)
  return { ...await decryptFile(services, id, file), reference: file.reference }
}

/** A file for the reporter. @param guessLimits used up by wrong receipts only @throws AppError not_found, rate_limited */
export async function openOwnAttachment(services: Services, reference: string, access: Access, id: string, guessLimits: Limit[]): Promise<OpenFile> {
  return decryptFile(services, id, await reporterQueries(services.clients).openAttachment(reference, access, id, guessLimits))
}

/** Every copy of a file that is kept, for its owner: as it was sent, and the viewing copy. @throws AppError not_found */
export async function openCopies(services: Services, reference: string, access: Access, id: string): Promise<OpenFile[]> {
  const file = await reporterQueries(services.clients).openAttachment(reference, access, id, [])
  return Promise.all([...file.original_blob === null ? [] : [decryptFile(services, id, { ...file, view_blob: null })], ...file.view_blob === null ? [] : [decryptFile(services, id, file)]])
}

/** The bytes of an opened file, as they are read. @throws AppError not_found */
export async function decryptFile(services: Services, id: string, file: OpenedAttachment): Promise<OpenFile> {
  const contentKey = unwrapKey(services.keys.masterKeys, file.content_key, aboutReport(file.report_id, 'content'))
  const key = openBytes(contentKey, file.key_sealed, aboutReport(file.report_id, 'file'))
  const blob = file.view_blob ?? file.original_blob
  const sealed = blob ? await services.blobs.get(blob) : undefined
  if (!sealed) throw new AppError('not_found')
  const isView = file.view_blob !== null
  const bytes = new PassThrough()
  pipeline(sealed, openStream(key, aboutFile(id, isView ? 'view' : 'original')), bytes, () => undefined)
  return { bytes, mediaType: isView ? file.view_media_type ?? 'image/jpeg' : file.media_type, isView }
}
