import { draftQueries } from '#server/db/reports'
import type { Services } from '../services.ts'
import { draftHash } from './draft.ts'

/** Deletes a draft and the files that waited with it. */
export async function discardDraft(services: Services, token: string): Promise<void> {
  const blobs = await draftQueries(services.clients).remove(draftHash(services.keys, token)) ?? []
  await Promise.all(blobs.map(blob => services.blobs.remove(blob)))
}
