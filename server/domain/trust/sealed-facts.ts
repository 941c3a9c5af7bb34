import { createHash } from 'node:crypto'
import type { BlockRow, Leaf, RootRow } from '#server/db/seals'
import { canonicalJson } from './canonical-json.ts'
import { leafHash } from './merkle.ts'

/*
  What is signed, and what a Merkle tree is built of. These shapes are public: scripts/verify-receipt.mjs checks them without us.
    leaf    one row: source, row, version (list of columns), at, digest
    block   up to some hundred leaves, naming the block before by its hash
    root    one day: a tree over the hashes of its blocks, naming the root before
*/

export interface SignedBlock extends Record<string, unknown> {
  version: 1, kind: 'block', number: number, sealedAt: string, day: string, previous: string | null, root: string, leaves: number, logUntil: number, keyId: string, signature: string
}
export interface SignedRoot extends Record<string, unknown> {
  version: 1, kind: 'root', day: string, root: string, previous: string | null, firstBlock: number, lastBlock: number, publishedAt: string, keyId: string, signature: string
}

/** SHA-256 of a row's canonical text, hex. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The leaf of a row in the tree of its block. */
export const leafOf = ({ source, row, version, at, digest }: Leaf): string => leafHash(canonicalJson({ source, row, version, at, digest }))

/** The leaf of a block in the tree of its day. */
export const dayLeafOf = (blockHash: string): string => leafHash(blockHash)

/** A block as it was signed. */
export const blockOf = (row: BlockRow): SignedBlock => ({
  version: 1, kind: 'block', number: row.number, sealedAt: row.sealed_at, day: row.day, previous: row.previous, root: row.root, leaves: row.leaves, logUntil: row.log_until,
  keyId: row.key_id, signature: row.signature,
})

/** A root as it was signed. */
export const rootOf = (row: RootRow): SignedRoot => ({
  version: 1, kind: 'root', day: row.day, root: row.root, previous: row.previous, firstBlock: row.first_block, lastBlock: row.last_block, publishedAt: row.published_at,
  keyId: row.key_id, signature: row.signature,
})
