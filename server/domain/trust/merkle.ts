import { createHash } from 'node:crypto'

/*
  Merkle trees as RFC 6962, section 2.1: a leaf is SHA-256(0x00 ‖ text), a node SHA-256(0x01 ‖ left ‖ right), and the left side is the
  largest power of two below the count. The prefixes keep a node from being shown as a leaf.
  @see https://www.rfc-editor.org/rfc/rfc6962#section-2.1
*/

/** One step from a leaf up to the root: the hash beside, and the side it stands on. */
export interface PathStep { side: 'left' | 'right', hash: string }

const sha256 = (...parts: (Buffer | string)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const nodeOf = (left: Buffer, right: Buffer) => sha256(Buffer.from([1]), left, right)
const splitOf = (count: number) => 2 ** Math.floor(Math.log2(count - 1))

/** The hash of a leaf, hex. */
export function leafHash(text: string | Buffer): string {
  return sha256(Buffer.from([0]), text).toString('hex')
}

/** The root over hashes of leaves, hex. Of no leaves it is the hash of nothing. */
export function merkleRoot(leaves: readonly string[]): string {
  return rootOf(leaves.map(leaf => Buffer.from(leaf, 'hex'))).toString('hex')
}

function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (!only) return sha256()
  if (leaves.length === 1) return only
  const split = splitOf(leaves.length)
  return nodeOf(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)))
}

/** What proves that the leaf at a position is under the root. @throws RangeError without such a leaf */
export function merklePath(leaves: readonly string[], position: number): PathStep[] {
  if (!Number.isInteger(position) || position < 0 || position >= leaves.length) throw new RangeError('no such leaf')
  if (leaves.length === 1) return []
  const split = splitOf(leaves.length)
  return position < split
    ? [...merklePath(leaves.slice(0, split), position), { side: 'right', hash: merkleRoot(leaves.slice(split)) }]
    : [...merklePath(leaves.slice(split), position - split), { side: 'left', hash: merkleRoot(leaves.slice(0, split)) }]
}

/** Where a path leads from a leaf, hex: the proof holds if that is the root. */
export function climbPath(leaf: string, path: readonly PathStep[]): string {
  return path.reduce((below, { side, hash }) => {
    const beside = Buffer.from(hash, 'hex')
    return side === 'left' ? nodeOf(beside, below) : nodeOf(below, beside)
  }, Buffer.from(leaf, 'hex')).toString('hex')
}
