import { sealQueries, type FoundSeal } from '#server/db/seals'
import type { Services } from '../services.ts'
import { merklePath, type PathStep } from './merkle.ts'
import { blockOf, dayLeafOf, leafOf, rootOf, type SignedBlock, type SignedRoot } from './sealed-facts.ts'

/** What proves to anybody that a content hash stands in the chain: the way from its leaf to the block, and from the block to the root of the day. */
export interface InclusionProof {
  leaf: { source: 'report_contents', row: string, version: number, at: string }
  block: SignedBlock
  path: PathStep[]
  /** Published after the day is over. */
  root: SignedRoot | null
  rootPath: PathStep[] | null
}

/** The proof for a report, for whoever knows its content hash; null while it waits for its seal (a minute). */
export async function proveReceipt({ clients }: Pick<Services, 'clients'>, reference: string, contentHash: string): Promise<InclusionProof | null> {
  const { seal } = await sealQueries(clients).findSeal(reference, contentHash)
  return seal && proofOf(seal)
}

/** Builds the proof out of a block and its day. */
export function proofOf({ position, block, leaves, root, day_blocks: blocks }: FoundSeal): InclusionProof {
  const leaf = leaves[position]
  if (!leaf) throw new Error('a sealed row is not in its block')
  return {
    leaf: { source: 'report_contents', row: leaf.row, version: leaf.version, at: leaf.at },
    block: blockOf(block), path: merklePath(leaves.map(leafOf), position),
    root: root && rootOf(root),
    rootPath: root && blocks ? merklePath(blocks.map(({ hash }) => dayLeafOf(hash)), blocks.findIndex(({ number }) => number === block.number)) : null,
  }
}
