import { createHash } from 'node:crypto'

/*
  A Bloom filter: what was put in is always found, anything else once in about 100,000 (24 bits an entry, 17 places).
  Places by double hashing. @see Kirsch, Mitzenmacher: Less Hashing, Same Performance (2008)
*/
const bitsPerEntry = 24
const places = 17

function* placesOf(text: string, bits: number): Generator<number> {
  const hash = createHash('sha256').update(text).digest()
  const [start, step] = [hash.readUIntBE(0, 6), hash.readUIntBE(6, 6)]
  for (let place = 0; place < places; place++) yield (start + place * step) % bits
}

/** Makes the filter of a list, for scripts/make-password-filter.ts. */
export function makeFilter(texts: readonly string[]): Buffer {
  const filter = Buffer.alloc(Math.ceil(texts.length * bitsPerEntry / 8))
  for (const text of texts) {
    for (const bit of placesOf(text, filter.length * 8)) filter[bit >> 3] = (filter[bit >> 3] ?? 0) | 1 << (bit & 7)
  }
  return filter
}

/** Is the text in the list that the filter was made of? */
export function isInFilter(filter: Uint8Array, text: string): boolean {
  for (const bit of placesOf(text, filter.length * 8)) {
    if (!((filter[bit >> 3] ?? 0) & 1 << (bit & 7))) return false
  }
  return true
}
