import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { PassThrough, Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileTypeFromBuffer } from 'file-type'
import sharp from 'sharp'
import { AppError } from '#shared/errors'
import { attachmentLimits, isImageType, isKeptType } from '#shared/reports/attachment'
import type { Services } from '../services.ts'
import { openStream, sealStream } from '../trust/sealed-stream.ts'
import type { DraftFile } from './submit-report.ts'

/** file-type reads this much of the front to tell what a file is. */
const headBytes = 4_100
/** Longest side of a viewing copy in pixels: enough to read a number plate, small enough for a phone. */
const viewPixels = 2_048

sharp.cache(false)
sharp.concurrency(1)

/** Only one picture is decoded at a time: fifty million pixels may take 200 MB while it lasts. */
let decoding: Promise<unknown> = Promise.resolve()

/**
 * Takes in one file: sealed to the blob store while it is hashed, its type told by its bytes and never by its name (RULES G3).
 * A picture gets a viewing copy without any metadata; the original of a picture stays only if `keepsOriginal`.
 * @throws AppError invalid with `file` (fileMax, fileType, filePixels, fileEmpty), unavailable
 */
export async function receiveFile(services: Pick<Services, 'blobs'>, bytes: Readable, { keepsOriginal }: { keepsOriginal: boolean }): Promise<DraftFile> {
  const { blobs } = services
  const id = randomUUID()
  const key = randomBytes(32)
  const gauge = new Gauge()
  const sealed = sealStream(key, aboutFile(id, 'original'))
  const kept = blobs.put(sealed)
  const [fed, put] = await Promise.allSettled([pipeline(bytes, gauge, sealed), kept])
  const original = put.status === 'fulfilled' ? put.value : undefined
  try {
    if (fed.status === 'rejected') throw fed.reason
    if (put.status === 'rejected') throw new AppError('unavailable', {}, { cause: put.reason })
    if (gauge.bytes === 0) throw refused('fileEmpty')
    const mediaType = (await fileTypeFromBuffer(gauge.head))?.mime.split(';')[0]
    if (!mediaType || !isKeptType(mediaType)) throw refused('fileType')
    const facts = { id, key, mediaType, sizeBytes: gauge.bytes, sha256: gauge.hash.digest('hex') }
    if (!isImageType(mediaType)) return { ...facts, originalBlob: put.value, viewBlob: null, viewMediaType: null }

    const viewBlob = await makeViewingCopy(services, { id, key, original: put.value })
    if (!keepsOriginal) await blobs.remove(put.value)
    return { ...facts, originalBlob: keepsOriginal ? put.value : null, viewBlob, viewMediaType: 'image/jpeg' }
  }
  catch (error) {
    if (original) await blobs.remove(original)
    throw error
  }
}

/** Takes back a file that is not wanted after all. */
export async function discardFile(services: Pick<Services, 'blobs'>, file: Pick<DraftFile, 'originalBlob' | 'viewBlob'>): Promise<void> {
  for (const blob of [file.originalBlob, file.viewBlob]) if (blob) await services.blobs.remove(blob)
}

/** Gives up the original of a picture; its viewing copy stays. Other types have only their original. */
export async function withoutOriginal<File extends Pick<DraftFile, 'originalBlob' | 'viewBlob'>>(services: Services, file: File): Promise<File> {
  if (!file.viewBlob || !file.originalBlob) return file
  await services.blobs.remove(file.originalBlob)
  return { ...file, originalBlob: null }
}

/** What a file's pieces are authenticated with. */
export const aboutFile = (id: string, part: 'original' | 'view'): string => `file:${id}:${part}`

const refused = (key: string, params?: Record<string, number>) => new AppError('invalid', {}, { fields: { file: { key, ...(params && { params }) } } })

/** Re-encoding drops EXIF, places, thumbnails and whatever was hidden behind the picture. */
async function makeViewingCopy({ blobs }: Pick<Services, 'blobs'>, { id, key, original }: { id: string, key: Buffer, original: string }) {
  const turn = decoding.catch(() => undefined)
  const work = turn.then(async () => {
    const source = await blobs.get(original)
    if (!source) throw new AppError('unavailable')
    const convert = sharp({ limitInputPixels: attachmentLimits.pixels, failOn: 'error', sequentialRead: true })
      .autoOrient().resize({ width: viewPixels, height: viewPixels, fit: 'inside', withoutEnlargement: true }).flatten({ background: '#ffffff' }).jpeg({ quality: 82 })
    const plain = openStream(key, aboutFile(id, 'original'))
    // A broken picture is found while it is decoded: nothing of it may stay.
    const picture = await Promise.all([convert.toBuffer(), pipeline(source, plain, convert)]).then(([result]) => result, (cause: unknown) => {
      throw /pixel limit/i.test(String(cause)) ? refused('filePixels', { megapixels: attachmentLimits.pixels / 1_000_000 }) : refused('fileBroken')
    })
    const view = new PassThrough()
    view.end(picture)
    return blobs.put(view.pipe(sealStream(key, aboutFile(id, 'view'))))
  })
  decoding = work
  return work
}

/** Counts, hashes and remembers the front of what flows through. */
class Gauge extends Transform {
  bytes = 0
  head = Buffer.alloc(0)
  readonly hash = createHash('sha256')

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null, data?: Buffer) => void) {
    this.bytes += chunk.length
    if (this.bytes > attachmentLimits.bytes) return done(refused('fileMax', { megabytes: attachmentLimits.bytes / 1024 / 1024 }))
    if (this.head.length < headBytes) this.head = Buffer.concat([this.head, chunk.subarray(0, headBytes - this.head.length)])
    this.hash.update(chunk)
    done(null, chunk)
  }
}
