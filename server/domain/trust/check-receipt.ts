import type { CheckedReceipt, SavedReceipt } from '#shared/trust/verify-page'
import { sealQueries } from '#server/db/seals'
import type { Limit } from '#server/db/reports'
import { aboutReport } from '../reports/report-content.ts'
import type { Services } from '../services.ts'
import { openText, SealError, unwrapKey } from './envelope.ts'
import { contentHash, isSignedByUs } from './statement.ts'

/**
 * Checks a saved receipt file: did we sign it, do we still hold what we signed for, and is it sealed. Keeps nothing.
 * @throws AppError rate_limited
 */
export async function checkReceipt(services: Services, { statement, nonce }: SavedReceipt, limits: Limit[]): Promise<CheckedReceipt> {
  const { reference, receivedAt, attachments } = statement
  const facts = { reference, receivedAt, files: attachments.length }
  if (!isSignedByUs(services.keys, statement, receivedAt)) return { ...facts, signature: 'not_ours', content: null, seal: null }
  const seals = sealQueries(services.clients)
  // Without the nonce the look-up finds nothing, and counts all the same.
  const kept = await seals.checkReceipt({ reference, content_hash: statement.contentHash, nonce: nonce ?? '', limits })
  const { seal } = await seals.findSeal(reference, statement.contentHash)
  return {
    ...facts, signature: 'ours', content: kept.state === 'erased' ? 'erased' : !nonce ? 'no_nonce' : kept.state === 'unknown' ? 'missing' : isSame(services, kept, nonce, statement.contentHash) ? 'same' : 'changed',
    seal: seal && { block: seal.block.number, sealedAt: seal.block.sealed_at, day: seal.block.day, isPublished: seal.root !== null },
  }
}

/** Opens what is kept and hashes it anew. A text that does not open was changed. */
function isSame({ keys }: Services, { id, content_key, content_sealed }: { id: string, content_key: string, content_sealed: string }, nonce: string, hash: string): boolean {
  try {
    const about = aboutReport(id, 'content')
    return contentHash(nonce, JSON.parse(openText(unwrapKey(keys.masterKeys, content_key, about), content_sealed, about))) === hash
  }
  catch (thrown) {
    if (thrown instanceof SealError || thrown instanceof SyntaxError) return false
    throw thrown
  }
}
