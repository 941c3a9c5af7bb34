import { randomUUID } from 'node:crypto'
import { constants, createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '#shared/errors'
import type { Clients } from './clients.ts'

/** Where encrypted files lie. Names are random and made by the server; what comes in is ciphertext already. */
export interface BlobStore {
  /** Keeps a stream durably under a new name and answers with that name. */
  put: (bytes: Readable) => Promise<string>
  /** Undefined when there is no such file. */
  get: (name: string) => Promise<Readable | undefined>
  /** Deleting what is gone is no error; what a crash left half written under this name goes too. */
  remove: (name: string) => Promise<void>
  /** Every name that was last written before then, half written ones included, in pages of at most a thousand. */
  list: (before: Date) => AsyncIterable<string[]>
  /** @throws AppError unavailable when nothing can be kept there now */
  check: () => Promise<void>
}

/** Less than one report's files may take: 100 MB (RULES G3). */
const leastFreeBytes = 100 * 1024 * 1024
/** What a disk says that is full, gone, read-only or broken. What the sender did is none of these. */
const diskErrors = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ENOENT', 'ENOTDIR', 'EEXIST', 'ENODEV', 'ESTALE', 'EMFILE', 'ENFILE']

function asUnavailable(error: unknown): unknown {
  const isDisk = error instanceof Error && 'code' in error && 'syscall' in error && diskErrors.includes(String(error.code))
  return isDisk ? new AppError('unavailable', {}, { cause: error }) : error
}

/** Names are random: their first two digits cut a store of any size into pages. */
const prefixes = Array.from({ length: 256 }, (_, number) => number.toString(16).padStart(2, '0'))
const pageSize = 1000

const isName = (name: string) => /^[0-9a-f-]{36}$/.test(name)

/** Files in a folder of this machine: written beside, flushed, then renamed, so that a name always means a whole file. */
export function diskBlobStore(folder: string): BlobStore {
  const place = (name: string) => join(folder, name.slice(0, 2), name)
  return {
    async put(bytes) {
      const name = randomUUID()
      const path = place(name)
      try {
        await mkdir(join(folder, name.slice(0, 2)), { recursive: true, mode: 0o700 })
        await pipeline(bytes, createWriteStream(`${path}.part`, { mode: 0o600, flush: true }))
        await rename(`${path}.part`, path)
        await syncFolder(join(folder, name.slice(0, 2)))
      } catch (error) {
        await rm(`${path}.part`, { force: true }).catch(() => undefined)
        throw asUnavailable(error)
      }
      return name
    },
    async get(name) {
      if (!isName(name)) return undefined
      const found = await stat(place(name)).catch(async (error: unknown) => {
        // A file that is not there is one thing, a disk that is not there another.
        const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT' && await stat(folder).then(one => one.isDirectory(), () => false)
        if (!isGone) throw new AppError('unavailable', {}, { cause: error })
        return undefined
      })
      return found && createReadStream(place(name))
    },
    async remove(name) {
      if (!isName(name)) return
      await rm(place(name), { force: true })
      await rm(`${place(name)}.part`, { force: true })
    },
    async* list(before) {
      for (const prefix of prefixes) {
        const found = new Set<string>()
        for (const entry of await readdir(join(folder, prefix)).catch(() => [])) {
          const name = entry.replace(/\.part$/, '')
          if (isName(name) && await isOlder(join(folder, prefix, entry), before)) found.add(name)
        }
        yield* pagesOf([...found])
      }
    },
    async check() {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
        const { bavail, bsize } = await statfs(folder)
        if (bavail * bsize < leastFreeBytes) throw new AppError('unavailable')
      }
      catch (error) {
        throw asUnavailable(error)
      }
    },
  }
}

const isOlder = (path: string, before: Date) => stat(path).then(({ mtime }) => mtime < before, () => false)

function* pagesOf(names: string[]) {
  for (let at = 0; at < names.length; at += pageSize) yield names.slice(at, at + pageSize)
}

async function syncFolder(path: string) {
  const folder = await open(path)
  await folder.sync().finally(() => folder.close())
}

/** A private bucket of Supabase Storage, reached with the secret key only. */
export function bucketBlobStore({ server }: Clients, bucket = 'evidence'): BlobStore {
  const files = server.storage.from(bucket)
  return {
    async put(bytes) {
      const name = randomUUID()
      const chunks: Buffer[] = []
      for await (const chunk of bytes) chunks.push(Buffer.from(chunk))
      const { error } = await files.upload(name, Buffer.concat(chunks), { contentType: 'application/octet-stream' })
      if (error) throw new AppError('unavailable', {}, { cause: error })
      return name
    },
    async get(name) {
      if (!isName(name)) return undefined
      const { data, error } = await files.download(name)
      if (error && isMissing(error)) return undefined
      if (error) throw new AppError('unavailable', {}, { cause: error })
      const { Readable } = await import('node:stream')
      return Readable.from(Buffer.from(await data.arrayBuffer()))
    },
    async remove(name) {
      if (isName(name)) await files.remove([name])
    },
    async* list(before) {
      for (const prefix of prefixes) {
        const found: string[] = []
        // All of one prefix before any of it is deleted: a page must not slip away under the next one.
        for (let offset = 0, isMore = true; isMore; offset += pageSize) {
          const { data, error } = await files.list('', { search: prefix, limit: pageSize, offset, sortBy: { column: 'name', order: 'asc' } })
          if (error) throw error
          // The search is of Storage's own making: it may find the digits elsewhere in a name.
          found.push(...data.filter(({ name, updated_at: at }) => name.startsWith(prefix) && isName(name) && at && new Date(at) < before).map(({ name }) => name))
          isMore = data.length === pageSize
        }
        yield* pagesOf(found)
      }
    },
    async check() {
      const { error } = await files.list('', { limit: 1 })
      if (error) throw new AppError('unavailable', {}, { cause: error })
    },
  }
}

/** Makes the private bucket of a Supabase project; one that is there is left alone. @returns whether it was made now */
export async function makeBucket({ server }: Clients, bucket = 'evidence'): Promise<boolean> {
  const { data } = await server.storage.getBucket(bucket)
  if (data) return false
  const { error } = await server.storage.createBucket(bucket, { public: false })
  if (error) throw error
  return true
}

/** Storage says 404 in some versions, and 400 with 404 in the body in others. */
const isMissing = (error: object) => ['status', 'statusCode'].some(name => ['400', '404'].includes(String(Reflect.get(error, name))))
