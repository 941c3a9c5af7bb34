import type { FoundRow, SealPageOf } from '#server/db/seals'
import type { KeyRing } from './key-ring.ts'
import { merkleRoot } from './merkle.ts'
import { blockOf, dayLeafOf, digestOf, leafOf, rootOf } from './sealed-facts.ts'
import { isSignedByUs, signedHash } from './statement.ts'

/**
 * Kinds of findings. Of rows: changed, removed, reordered (holds what another sealed row held), added (put in below what is sealed).
 * Of the chain itself: block_removed, block_changed (header, signature or order), leaves_changed, root_changed.
 */
export const findingKinds = ['changed', 'removed', 'reordered', 'added', 'block_removed', 'block_changed', 'leaves_changed', 'root_changed'] as const
export type FindingKind = typeof findingKinds[number]
export type Finding = FoundRow & { kind: FindingKind }

type Keys = Pick<KeyRing, 'signingKeys'>
export interface Compared { rows: number, erased: number, found: Finding[] }

/** Compares a page of blocks with the signatures, with each other, and with the rows as they are now. */
export function compareBlocks(keys: Keys, page: SealPageOf<'blocks'>): Compared {
  const found: Finding[] = page.added.map(({ row, at }) => ({ kind: 'added', source: 'audit_log', row, at, block: null }))
  let [number, previous] = [page.after, page.previous]
  for (const block of page.blocks) {
    const wrong = (kind: FindingKind): void => void found.push({ kind, source: 'seal_blocks', row: String(block.number), at: block.sealed_at, block: block.number })
    if (block.number !== number + 1) found.push({ kind: 'block_removed', source: 'seal_blocks', row: String(number + 1), at: null, block: number + 1 })
    else if (block.previous !== previous) wrong('block_changed')
    const header = blockOf(block)
    if (signedHash(header) !== block.hash || !isSignedByUs(keys, header, block.sealed_at)) wrong('block_changed')
    if (block.rows.length !== block.leaves || block.rows.some(({ position }, index) => position !== index) || merkleRoot(block.rows.map(leafOf)) !== block.root) wrong('leaves_changed')
    ;[number, previous] = [block.number, block.hash]
  }
  const rows = page.blocks.flatMap(block => block.rows.map(row => ({ ...row, block: block.number })))
  const wrong = rows.filter(row => row.now === null || digestNow(row) !== row.digest)
  return {
    rows: rows.length, erased: wrong.filter(row => row.is_erased).length,
    found: [...found, ...nameRows(wrong.filter(row => !row.is_erased))],
  }
}

type SealedRow = SealPageOf<'blocks'>['blocks'][number]['rows'][number]

/** The leaf of a content is its hash itself; of others the hash of the row's text. */
const digestNow = ({ source, now }: SealedRow) => now === null ? null : source === 'report_contents' ? now : digestOf(now)

function nameRows(wrong: (SealedRow & { block: number })[]): Finding[] {
  return wrong.map((row) => {
    const { source, row: id, at, block } = row
    return { kind: row.now === null ? 'removed' : isMoved(row, wrong) ? 'reordered' : 'changed', source, row: id, at, block }
  })
}

/** Whether a row now holds what another one held when it was sealed. A row's text begins with its own id. */
function isMoved({ source, row: id, now }: SealedRow, wrong: SealedRow[]): boolean {
  const own = `[${JSON.stringify(id)}`
  if (!now?.startsWith(own)) return false
  // Among the first hundred: a page that is wrong all through needs no finer word.
  return wrong.slice(0, 100).some(other => other.source === source && other.row !== id && digestOf(`[${JSON.stringify(other.row)}${now.slice(own.length)}`) === other.digest)
}

/** Reports that were never sealed although their time is over: they came in past the function that files them. */
export function compareReports({ rows }: SealPageOf<'reports'>): Compared {
  return { rows: rows.length, erased: 0, found: rows.filter(row => !row.is_sealed).map(({ row, at }) => ({ kind: 'added', source: 'reports', row, at, block: null })) }
}

/** Compares a page of published roots with the blocks of their days. */
export function compareRoots(keys: Keys, { roots }: SealPageOf<'roots'>): Compared {
  const found = roots.filter((row) => {
    const root = rootOf(row)
    return signedHash(root) !== row.hash || row.previous !== row.before || !isSignedByUs(keys, root, row.published_at)
      || row.blocks.length !== row.last_block - row.first_block + 1 || merkleRoot(row.blocks.map(dayLeafOf)) !== row.root
  })
  return { rows: 0, erased: 0, found: found.map(({ day, published_at: at }) => ({ kind: 'root_changed', source: 'seal_roots', row: day, at, block: null })) }
}
