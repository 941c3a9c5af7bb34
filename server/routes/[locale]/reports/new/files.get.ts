import { getQuery } from 'h3'
import type { FilesPage } from '#shared/reports/step-pages'
import { defineStepPage } from '../../../../http/report-step.ts'

/** Photos, recordings, papers: one a request (RULES G3). */
export default defineStepPage<Pick<FilesPage, 'files' | 'added'>>('files', ({ event, draft }) => ({
  files: draft.files.map(({ id, mediaType, sizeBytes, sha256 }) => ({ id, mediaType, sizeBytes, sha256 })), added: 'added' in getQuery(event),
}))
