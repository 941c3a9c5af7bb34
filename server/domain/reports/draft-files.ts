import type { Readable } from 'node:stream'
import { AppError } from '#shared/errors'
import { attachmentLimits } from '#shared/reports/attachment'
import type { Services } from '../services.ts'
import { waitingFile, type Draft } from './draft.ts'
import { receiveFile } from './receive-file.ts'
import type { DraftFile } from './submit-report.ts'

const refused = (key: string, params: Record<string, number>) => new AppError('invalid', {}, { fields: { file: { key, params } } })

/** Takes in a file for a form in progress; one that is full reads nothing. @throws AppError invalid (file), unavailable */
export async function receiveDraftFile(services: Services, draft: Draft, bytes: Readable): Promise<DraftFile> {
  checkCount(draft)
  return receiveFile(services, bytes, { keepsOriginal: true })
}

/** The draft with one more file. The same bytes again take the place of the first: a send that was repeated adds nothing. @throws AppError invalid (file) */
export function withFile(draft: Draft, file: DraftFile): Draft {
  const others = draft.files.filter(({ sha256 }) => sha256 !== file.sha256)
  if (others.length === draft.files.length) checkCount(draft)
  if (others.reduce((sum, { sizeBytes }) => sum + sizeBytes, file.sizeBytes) > attachmentLimits.totalBytes) throw refused('reports.files.tooLarge', { megabytes: attachmentLimits.totalBytes / 1024 / 1024 })
  return { ...draft, files: [...others, waitingFile(file)] }
}

/** The draft without a file; saving it deletes the file. */
export function withoutFile(draft: Draft, id: string): Draft {
  return { ...draft, files: draft.files.filter(file => file.id !== id) }
}

function checkCount({ files }: Draft): void {
  if (files.length >= attachmentLimits.count) throw refused('reports.files.tooMany', { count: attachmentLimits.count })
}
