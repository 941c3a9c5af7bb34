import { sealQueries } from '#server/db/seals'
import type { Services } from '../services.ts'
import { merkleRoot } from './merkle.ts'
import { isFirst } from './seal-rows.ts'
import { dayLeafOf, rootOf, type SignedRoot } from './sealed-facts.ts'
import { signFacts } from './statement.ts'

/** Publishes the root of each day of the station that is over and has none. A day without a block has no root. */
export async function publishRoots({ clients, keys }: Services): Promise<{ roots: number }> {
  const seals = sealQueries(clients)
  for (let roots = 0; ; roots++) {
    const { day, now, previous, blocks } = await seals.rootCandidate()
    const [first, last] = [blocks[0], blocks.at(-1)]
    if (!day || !now || !first || !last) return { roots }
    const facts = { version: 1, kind: 'root', day, root: merkleRoot(blocks.map(({ hash }) => dayLeafOf(hash))), previous, firstBlock: first.number, lastBlock: last.number, publishedAt: now }
    const { signed, hash } = signFacts(keys, facts, now)
    const row = { day, root: facts.root, previous, first_block: first.number, last_block: last.number, published_at: now, key_id: signed.keyId, signature: signed.signature, hash }
    if (!await isFirst(seals.appendRoot(row))) return { roots }
  }
}

/** The next day that `publishRoots` would publish; the days after it come when this one is written. */
export async function foreseeRoots({ clients }: Services): Promise<{ roots: number }> {
  const { day } = await sealQueries(clients).rootCandidate()
  return { roots: day ? 1 : 0 }
}

/** Published roots, newest first, a year at once. @param before a day; only older ones */
export async function listRoots({ clients }: Services, before?: string): Promise<SignedRoot[]> {
  return (await sealQueries(clients).listRoots(before)).roots.map(rootOf)
}
