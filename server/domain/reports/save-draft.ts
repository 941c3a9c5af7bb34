import { draftQueries, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { draftHash, sealDraft, type HeldDraft } from './draft.ts'

/** Keeps a draft for two hours from now; files that it held before and holds no more are deleted. @throws AppError rate_limited */
export async function saveDraft(services: Services, held: HeldDraft, limits: Limit[]): Promise<void> {
  const blobs = held.draft.files.flatMap(file => [file.originalBlob, file.viewBlob].filter(blob => blob !== null))
  const { dropped } = await draftQueries(services.clients).save(draftHash(services.keys, held.token), sealDraft(services.keys, held), blobs, limits)
  for (const blob of dropped) await services.blobs.remove(blob)
}
