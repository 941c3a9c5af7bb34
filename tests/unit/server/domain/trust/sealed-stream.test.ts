import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SealError } from '#server/domain/trust/envelope'
import { openStream, sealStream } from '#server/domain/trust/sealed-stream'

const key = randomBytes(32)
const about = 'file:1:original'
const pieceBytes = 64 * 1024
const sealedPieceBytes = pieceBytes + 16
const headerBytes = 8

async function through(stream: NodeJS.ReadWriteStream, bytes: Buffer, cuts: number[] = []): Promise<Buffer> {
  const out: Buffer[] = []
  const places = [0, ...cuts.filter(cut => cut > 0 && cut < bytes.length).sort((a, b) => a - b), bytes.length]
  const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
  await pipeline(Readable.from(chunks), stream, async function collect(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) out.push(chunk)
  })
  return Buffer.concat(out)
}
const seal = (bytes: Buffer, cuts?: number[]) => through(sealStream(key, about), bytes, cuts)
const open = (sealed: Buffer, cuts?: number[]) => through(openStream(key, about), sealed, cuts)

/** Sizes where pieces begin and end, and anything between. */
const sizes = fc.oneof(fc.constantFrom(0, 1, pieceBytes - 1, pieceBytes, pieceBytes + 1, 2 * pieceBytes, 3 * pieceBytes), fc.integer({ min: 0, max: 3 * pieceBytes }))
const runs = { numRuns: 40 }

describe('a sealed stream', () => {
  it('opens to the same bytes, of any length and however they are cut on the way', async () => {
    await fc.assert(fc.asyncProperty(sizes, fc.array(fc.nat(3 * pieceBytes), { maxLength: 6 }), async (size, cuts) => {
      const bytes = randomBytes(size)

      expect((await open(await seal(bytes, cuts), cuts)).equals(bytes)).toBe(true)
    }), runs)
  })

  it.each([0, 1, pieceBytes, 2 * pieceBytes])('of %i bytes opens when it comes byte by byte at the seams', async (size) => {
    const bytes = randomBytes(size)
    const sealed = await seal(bytes)
    const seams = [0, 1, 2].flatMap(piece => [-1, 0, 1].map(by => headerBytes + piece * sealedPieceBytes + by))

    expect((await open(sealed, seams)).equals(bytes)).toBe(true)
  })

  it('grows by one tag for each piece and eight bytes in front', async () => {
    await fc.assert(fc.asyncProperty(sizes, async (size) => {
      expect((await seal(randomBytes(size))).length).toBe(headerBytes + size + 16 * Math.max(1, Math.ceil(size / pieceBytes)))
    }), runs)
  })

  it('does not open after one bit was flipped, wherever', async () => {
    await fc.assert(fc.asyncProperty(sizes, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.nat(7), async (size, where, bit) => {
      const sealed = await seal(randomBytes(size))
      const place = Math.floor(where * sealed.length)
      sealed[place] = (sealed[place] ?? 0) ^ (1 << bit)

      await expect(open(sealed)).rejects.toThrow(SealError)
    }), runs)
  })

  it('does not open after it was cut, wherever, also at the end of a piece', async () => {
    const places = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.constantFrom(0, 1, 2))
    await fc.assert(fc.asyncProperty(sizes, places, async (size, where) => {
      const sealed = await seal(randomBytes(size))
      const end = Number.isInteger(where) ? Math.min(headerBytes + where * sealedPieceBytes, sealed.length - 1) : Math.floor(where * sealed.length)

      await expect(open(sealed.subarray(0, end))).rejects.toThrow(SealError)
    }), runs)
  })

  it('does not open with two pieces exchanged, one doubled or one left out', async () => {
    const sealed = await seal(randomBytes(3 * pieceBytes))
    const header = sealed.subarray(0, headerBytes)
    const [a, b, c] = [0, 1, 2].map(index => sealed.subarray(headerBytes + index * sealedPieceBytes, headerBytes + (index + 1) * sealedPieceBytes)) as [Buffer, Buffer, Buffer]

    expect((await open(Buffer.concat([header, a, b, c]))).length).toBe(3 * pieceBytes)
    for (const pieces of [[b, a, c], [a, c, b], [a, a, b, c], [a, c], [b, c], [a, b]]) {
      await expect(open(Buffer.concat([header, ...pieces]))).rejects.toThrow(SealError)
    }
  })

  it('does not open with something added, a piece of another file, another key or another place', async () => {
    const sealed = await seal(Buffer.from('a photo'))
    const other = await seal(Buffer.from('another'))

    await expect(open(Buffer.concat([sealed, Buffer.from([0])]))).rejects.toThrow(SealError)
    await expect(open(Buffer.concat([sealed.subarray(0, headerBytes), other.subarray(headerBytes)]))).rejects.toThrow(SealError)
    await expect(through(openStream(randomBytes(32), about), sealed)).rejects.toThrow(SealError)
    await expect(through(openStream(key, 'file:2:original'), sealed)).rejects.toThrow(SealError)
  })

  it('hands on nothing of a piece before the whole piece is known to be good', async () => {
    const sealed = await seal(randomBytes(pieceBytes))
    sealed[headerBytes] = (sealed[headerBytes] ?? 0) ^ 1
    const out: Buffer[] = []
    const opener = openStream(key, about).on('data', (chunk: Buffer) => out.push(chunk))

    await expect(pipeline(Readable.from([sealed]), opener)).rejects.toThrow(SealError)
    expect(Buffer.concat(out).length).toBe(0)
  })

  it('never seals the same bytes to the same text', async () => {
    const [one, two] = [await seal(Buffer.from('twice')), await seal(Buffer.from('twice'))]

    expect(one.equals(two)).toBe(false)
  })
})
