import { createHash } from 'node:crypto'

/** The strong entity tag of an answer: the same bytes, the same tag. @see RFC 9110 §8.8.3 */
export function entityTag(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
}

/** Does the client hold this answer? Then it gets 304. Compares weakly, as `If-None-Match` asks (RFC 9110 §13.1.2). @param ifNoneMatch the header */
export function isHeld(ifNoneMatch: string | undefined, tag: string): boolean {
  return ifNoneMatch?.split(',').some(known => known.trim() === '*' || known.trim().replace(/^W\//, '') === tag) ?? false
}
