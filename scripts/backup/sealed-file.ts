/*
  A backup is one file: a line of JSON that says which master key opens it, then frames, each `length (4 bytes) ‖ ciphertext ‖ tag`.
  Frames are AES-256-GCM under a key of this one backup, wrapped by the master key; the nonce is the number of the frame and the first
  line is authenticated with each, so that frames cannot be changed, reordered, left out or moved to another backup unnoticed.
  Inside: parts, each begun by its name and ended by its length and SHA-256; the last frame closes the file.
*/
import { createCipheriv, createDecipheriv, createHash, createSecretKey, type Hash, type KeyObject } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { Sentence } from '../bootstrap/sentence.mjs'

const frameBytes = 64 * 1024
const longestFrame = frameBytes + 1024
const longestHeader = 4096
const tagBytes = 16
const kinds = { begin: 1, bytes: 2, end: 3, close: 4 } as const

const headerSchema = z.object({ format: z.literal('linli-backup'), version: z.literal(1), id: z.uuid(), at: z.iso.datetime(), masterKey: z.string(), key: z.string() })
/** What stands in the clear: when it was made, and the wrapped key. */
export type BackupHeader = z.infer<typeof headerSchema>

const beginSchema = z.object({ name: z.string() })
const endSchema = z.object({ bytes: z.number(), sha256: z.string() })
const closeSchema = z.object({ parts: z.number(), bytes: z.number() })

/** One part of a backup while it is read: its bytes must be read to the end before the next part is asked for. */
export interface Part { name: string, bytes: AsyncGenerator<Buffer> }

const nonceOf = (frame: number) => {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(frame), 4)
  return nonce
}

/** Writes a backup beside its place and moves it there when it is whole. Small chunks are gathered, so memory stays flat. */
export class SealedWriter {
  readonly #handle: FileHandle
  readonly #target: string
  readonly #key: KeyObject
  readonly #header: Buffer
  #frames = 0
  #gathered: Buffer[] = []
  #gatheredBytes = 0
  #hash: Hash = createHash('sha256')
  #partBytes = 0
  #total = { parts: 0, bytes: 0 }

  static async create(target: string, header: BackupHeader, key: Buffer): Promise<SealedWriter> {
    const handle = await open(`${target}.part`, 'wx', 0o600)
    const line = Buffer.from(`${JSON.stringify(header)}\n`)
    await handle.write(line)
    return new SealedWriter(handle, target, line, key)
  }

  private constructor(handle: FileHandle, target: string, header: Buffer, key: Buffer) {
    this.#handle = handle
    this.#target = target
    this.#header = header
    this.#key = createSecretKey(key)
  }

  /** Writes one part from its chunks. */
  async part(name: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    this.#hash = createHash('sha256')
    this.#partBytes = 0
    await this.#frame(kinds.begin, Buffer.from(JSON.stringify({ name })))
    for await (const chunk of chunks) await this.#gather(chunk)
    await this.#flush()
    await this.#frame(kinds.end, Buffer.from(JSON.stringify({ bytes: this.#partBytes, sha256: this.#hash.digest('hex') })))
    this.#total = { parts: this.#total.parts + 1, bytes: this.#total.bytes + this.#partBytes }
  }

  /** Closes the file, flushes it and gives it its name. */
  async close(): Promise<{ parts: number, bytes: number }> {
    await this.#frame(kinds.close, Buffer.from(JSON.stringify(this.#total)))
    await this.#handle.sync()
    await this.#handle.close()
    await rename(`${this.#target}.part`, this.#target)
    return this.#total
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    await rm(`${this.#target}.part`, { force: true })
  }

  async #gather(chunk: Buffer) {
    this.#hash.update(chunk)
    this.#partBytes += chunk.length
    for (let at = 0; at < chunk.length; at += frameBytes) {
      const piece = chunk.subarray(at, at + frameBytes)
      if (this.#gatheredBytes + piece.length > frameBytes) await this.#flush()
      this.#gathered.push(piece)
      this.#gatheredBytes += piece.length
    }
  }

  async #flush() {
    if (this.#gatheredBytes === 0) return
    const bytes = Buffer.concat(this.#gathered)
    this.#gathered = []
    this.#gatheredBytes = 0
    await this.#frame(kinds.bytes, bytes)
  }

  async #frame(kind: number, body: Buffer) {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(this.#frames++))
    cipher.setAAD(this.#header)
    const sealed = Buffer.concat([cipher.update(Buffer.from([kind])), cipher.update(body), cipher.final(), cipher.getAuthTag()])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(sealed.length)
    await this.#handle.write(Buffer.concat([length, sealed]))
  }
}

/** Reads the line in the clear. @throws Sentence when the file is no backup */
export async function readHeader(file: string): Promise<{ header: BackupHeader, line: Buffer }> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new Sentence(`The backup ${file} cannot be opened.`, { cause })
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestHeader), 0, longestHeader, 0)
    const end = buffer.subarray(0, bytesRead).indexOf('\n')
    const line = buffer.subarray(0, end + 1)
    const parsed = headerSchema.safeParse(parseJson(line.toString('utf8')))
    if (!parsed.success) throw new Sentence(`${file} is no backup of Linli, or its beginning is damaged.`)
    return { header: parsed.data, line }
  }
  finally {
    await handle.close()
  }
}

/** Reads part after part, checking each. @throws Sentence that names the part which is damaged or missing */
export async function* readParts(file: string, line: Buffer, key: Buffer): AsyncGenerator<Part> {
  const secret = createSecretKey(key)
  const frames = openFrames(file, line, secret)
  const seen = { parts: 0, bytes: 0 }
  for (;;) {
    const first = await nextFrame(frames, file)
    if (first.kind === kinds.close) {
      const closing = closeSchema.parse(JSON.parse(first.body.toString('utf8')))
      if (closing.parts !== seen.parts || closing.bytes !== seen.bytes || !(await frames.next()).done) throw new Sentence(`The backup ${file} is not whole: it ends with ${seen.parts} of ${closing.parts} parts.`)
      return
    }
    if (first.kind !== kinds.begin) throw new Sentence(`The backup ${file} is damaged after part ${seen.parts}.`)
    const { name } = beginSchema.parse(JSON.parse(first.body.toString('utf8')))
    const part = { isRead: false }
    yield { name, bytes: bytesOf(name, part) }
    if (!part.isRead) throw new Error(`part ${name} was not read to its end`)
    seen.parts++
  }

  async function* bytesOf(name: string, part: { isRead: boolean }): AsyncGenerator<Buffer> {
    const hash = createHash('sha256')
    let bytes = 0
    for (;;) {
      const { kind, body } = await nextFrame(frames, file)
      if (kind === kinds.bytes) {
        hash.update(body)
        bytes += body.length
        yield body
        continue
      }
      const end = kind === kinds.end ? endSchema.parse(JSON.parse(body.toString('utf8'))) : undefined
      if (end?.bytes !== bytes || end.sha256 !== hash.digest('hex')) throw new Sentence(`The backup ${file} is damaged: part ${name} differs from its checksum.`)
      seen.bytes += bytes
      part.isRead = true
      return
    }
  }
}

async function nextFrame(frames: AsyncGenerator<{ kind: number, body: Buffer }>, file: string) {
  const next = await frames.next()
  if (next.done) throw new Sentence(`The backup ${file} is not whole: its end is missing.`)
  return next.value
}

async function* openFrames(file: string, line: Buffer, key: KeyObject): AsyncGenerator<{ kind: number, body: Buffer }> {
  let held = Buffer.alloc(0)
  let frame = 0
  for await (const chunk of createReadStream(file, { start: line.length, highWaterMark: 256 * 1024 })) {
    held = Buffer.concat([held, chunk as Buffer])
    for (;;) {
      const length = held.length >= 4 ? held.readUInt32BE() : undefined
      if (length !== undefined && (length < tagBytes + 1 || length > longestFrame)) throw damaged(file, frame)
      if (length === undefined || held.length < 4 + length) break
      yield unseal(held.subarray(4, 4 + length), line, key, file, frame++)
      held = held.subarray(4 + length)
    }
  }
  if (held.length) throw new Sentence(`The backup ${file} is not whole: its end is missing.`)
}

function unseal(sealed: Buffer, line: Buffer, key: KeyObject, file: string, frame: number) {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(frame))
    decipher.setAAD(line)
    decipher.setAuthTag(sealed.subarray(-tagBytes))
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()])
    return { kind: plain[0] ?? 0, body: plain.subarray(1) }
  }
  catch {
    throw damaged(file, frame)
  }
}

const damaged = (file: string, frame: number) => new Sentence(`The backup ${file} is damaged at piece ${frame + 1}: it was changed or cut.`)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  }
  catch {
    return undefined
  }
}
