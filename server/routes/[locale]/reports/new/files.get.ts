import { getQuery } from 'h3'
import type { FilesPage } from '#shared/reports/step-pages'
import { defineStepPage } from '../../../../http/report-step.ts'

/** Photos, recordings, papers: one a request (RULES G3). */
export default defineStepPage<Pick<FilesPage, 'files' | 'did'>>('files', ({ event, draft }) => {
  const query = getQuery(event)
  return {
    files: draft.files.map(({ id, mediaType, sizeBytes, sha256, viewBlob, originalBlob }) => ({ id, mediaType, sizeBytes, sha256, keepsOriginal: viewBlob !== null && originalBlob !== null })),
    did: 'added' in query ? 'added' : 'removed' in query ? 'removed' : null,
  }
})
