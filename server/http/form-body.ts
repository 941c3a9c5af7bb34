import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import { PassThrough, type Readable } from 'node:stream'
import { getRequestHeader, type H3Event } from 'h3'
import { AppError, type FieldErrors } from '#shared/errors'
import { brokenOff, decodeUtf8, drain, readBytes } from './read-body.ts'
import { isStorable } from './unstorable-text.ts'

/** A file field of a form. The bytes go to `receive` while they come; nothing is held in memory here. */
export interface FileField<Received> {
  name: string
  maxBytes: number
  /** Reads the stream to its end. Name and type are what the sender claims. */
  receive: (stream: Readable, claimed: { name: string, type: string }, event: H3Event) => Promise<Received>
  /** Puts away what was received when the form is refused after all. */
  discard: (received: Received) => Promise<void>
}

export interface FormBody<Received> {
  values: Record<string, string | string[]>
  errors: FieldErrors
  file?: Received
  /** There was more text than `maxTextBytes`; the values hold what came before. */
  isTooLarge: boolean
}

const maxFields = 200
/** So much more than a form may hold is read on: its sender must hear why it is refused, and in vain nobody should send more. */
const maxSkippedBytes = 64 * 1024 * 1024

/**
 * Reads a posted form, urlencoded or multipart. Line ends are turned back to \n (a browser sends \r\n for them).
 * @throws unsupported_type, malformed
 */
export async function readForm<Received>(event: H3Event, maxTextBytes: number, file?: FileField<Received>): Promise<FormBody<Received>> {
  const type = getRequestHeader(event, 'content-type') ?? ''
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return readUrlencoded(event, maxTextBytes)
  if (/^multipart\/form-data\b/i.test(type)) return readMultipart(event, type, maxTextBytes, file)
  throw new AppError('unsupported_type')
}

async function readUrlencoded(event: H3Event, maxTextBytes: number): Promise<FormBody<never>> {
  const { bytes, isCut } = await readBytes(event, maxTextBytes)
  if (isCut) await drain(event)
  const form = new FormValues()
  for (const pair of bytes.toString('latin1').split('&', maxFields)) {
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    if (pair) form.add(unescapeBytes(name), unescapeBytes(value), isCut)
  }
  return { values: form.values, errors: form.errors, isTooLarge: isCut }
}

const unescapeBytes = (part: string) =>
  Buffer.from(part.replaceAll('+', ' ').replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')

async function readMultipart<Received>(event: H3Event, type: string, maxTextBytes: number, file?: FileField<Received>): Promise<FormBody<Received>> {
  const form = new FormValues()
  const files: Promise<Received>[] = []
  const streams: BusboyFileStream[] = []
  let textBytes = 0
  let isTooLarge = false
  const { req } = event.node

  await new Promise<void>((resolve, reject) => {
    const refuse = (cause?: unknown) => reject(new AppError('malformed', {}, { cause }))
    // Busboy gives every byte as one character; our own decoding then refuses what is not UTF-8.
    const parser = createParser(type, maxTextBytes, file?.maxBytes)
    const stopAsTooLarge = () => {
      isTooLarge = true
      req.unpipe(parser)
      resolve()
    }
    parser.on('field', (name, value, _nameTruncated, isCut) => {
      textBytes += name.length + value.length
      if (textBytes > maxTextBytes || isCut) {
        form.add(Buffer.from(name, 'latin1'), Buffer.from(value, 'latin1'), true)
        return stopAsTooLarge()
      }
      form.add(Buffer.from(name, 'latin1'), Buffer.from(value, 'latin1'))
    })
    parser.on('file', (name, stream, fileName, _encoding, claimedType) => {
      stream.on('error', refuse)
      if (!file || name !== file.name || !fileName || files.length) return void stream.resume()
      const claimedName = Buffer.from(fileName, 'latin1').toString('utf8')
      const reader = readerOf(stream)
      const received = file.receive(reader, { name: claimedName, type: claimedType }, event).then((result) => {
        if (stream.truncated) form.errors[name] = { key: 'fileMax', params: { megabytes: Math.floor(file.maxBytes / 1024 / 1024) } }
        return result
      })
      received.catch(() => reader.resume()) // the failure itself is thrown below
      files.push(received)
      streams.push(stream)
    })
    parser.on('fieldsLimit', stopAsTooLarge)
    parser.on('partsLimit', stopAsTooLarge)
    parser.on('finish', () => resolve())
    parser.on('error', refuse)
    req.once('error', refuse).once('close', () => {
      if (!req.complete) reject(brokenOff())
    })
    // Gone while we looked up who may send: no event comes any more.
    if (req.destroyed && !req.complete) reject(brokenOff())
    req.pipe(parser)
    let left = maxTextBytes + (file?.maxBytes ?? 0) + maxSkippedBytes
    req.on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (left < 0 && !isTooLarge) stopAsTooLarge()
    })
  }).catch(async (refusal: unknown) => {
    // Nothing more comes: whoever reads a file has to hear it, or half a file stays on the disk and its reader waits for ever.
    for (const stream of streams) stream.destroy(new AppError('malformed', {}, { cause: refusal }))
    for (const received of await Promise.allSettled(files)) if (received.status === 'fulfilled') await file?.discard(received.value)
    throw refusal
  })

  if (isTooLarge) await drain(event)
  return { values: form.values, errors: form.errors, isTooLarge, file: await files[0] }
}

/** The file for its reader, who may break off: the form goes on behind the file, and the parser must not hear of it. */
function readerOf(stream: BusboyFileStream): Readable {
  const reader = new PassThrough()
  stream.pipe(reader)
  stream.once('error', error => reader.destroy(error))
  reader.on('error', () => undefined) // whoever reads it hears it
  reader.once('close', () => stream.unpipe(reader).resume())
  return reader
}

function createParser(type: string, maxTextBytes: number, maxFileBytes = 0) {
  try {
    return new Busboy({
      headers: { 'content-type': type },
      defCharset: 'latin1',
      limits: { fieldNameSize: 200, fieldSize: maxTextBytes, fields: maxFields, files: 4, parts: maxFields + 4, fileSize: maxFileBytes, headerPairs: 20, headerSize: 8 * 1024 },
    })
  }
  catch (cause) {
    throw new AppError('malformed', {}, { cause })
  }
}

/** Values by name, several of one name as a list; a text that cannot be stored is an error of its field. */
class FormValues {
  readonly values: Record<string, string | string[]> = Object.create(null)
  readonly errors: FieldErrors = Object.create(null)

  add(nameBytes: Buffer, valueBytes: Buffer, isCut = false) {
    const name = nameBytes.toString('utf8')
    const text = this.decode(name, valueBytes, isCut).replaceAll('\r\n', '\n')
    const before = this.values[name]
    this.values[name] = before === undefined ? text : [before, text].flat()
  }

  private decode(name: string, bytes: Buffer, isCut: boolean): string {
    if (isCut) return bytes.toString('utf8').replace(/\uFFFD+$/, '')
    try {
      const text = decodeUtf8(bytes)
      if (isStorable(text) && isStorable(name)) return text
    }
    catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
    }
    this.errors[name] = { key: 'characters' }
    return bytes.toString('utf8').replaceAll('\0', '')
  }
}
