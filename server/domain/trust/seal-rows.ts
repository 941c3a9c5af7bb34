import { AppError } from '#shared/errors'
import { sealQueries } from '#server/db/seals'
import type { Services } from '../services.ts'
import { merkleRoot } from './merkle.ts'
import { digestOf, leafOf } from './sealed-facts.ts'
import { signFacts } from './statement.ts'

/** Rows of the log in one block: one call stays far below the seconds that an API statement may take (RULES A7). */
const rowsAtOnce = 500

/** Below this a job that comes each minute ends in time; what is left waits for the next. */
const blocksAtOnce = 200

/**
 * Seals what has been written since the last block: rows of the log with their openings, reports and their files (RULES C4). Every minute.
 * Two workers may run it at once: the one who comes second writes nothing.
 */
export async function sealRows({ clients, keys }: Services): Promise<{ blocks: number, rows: number }> {
  const seals = sealQueries(clients)
  const did = { blocks: 0, rows: 0 }
  for (let more = true; more && did.blocks < blocksAtOnce;) {
    const { leaves: found, ...next } = await seals.candidates(rowsAtOnce)
    if (!found.length) break
    const leaves = found.map(({ text, digest, ...leaf }) => ({ ...leaf, digest: digest ?? digestOf(text ?? '') }))
    const header = { version: 1 as const, kind: 'block' as const, number: next.number, sealedAt: next.now, day: next.day, previous: next.previous, root: merkleRoot(leaves.map(leafOf)), leaves: leaves.length, logUntil: next.log_until }
    const { signed, hash } = signFacts(keys, header, next.now)
    const row = { number: next.number, sealed_at: next.now, day: next.day, previous: next.previous, root: header.root, leaves: leaves.length, log_until: next.log_until, key_id: signed.keyId, signature: signed.signature, hash }
    if (!await isFirst(seals.appendBlock(row, leaves))) break
    did.blocks++
    did.rows += leaves.length
    more = next.has_more
  }
  return did
}

/** Rows that the next block would take: a page, if more wait. */
export async function foreseeSealed({ clients }: Services): Promise<{ rows: number }> {
  const { leaves } = await sealQueries(clients).candidates(rowsAtOnce)
  return { rows: leaves.length }
}

/** False when another worker was faster. */
export async function isFirst(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing
    return true
  }
  catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'conflict') return false
    throw thrown
  }
}
