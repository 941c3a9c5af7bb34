import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Clients } from './clients.ts'

/** Where encrypted files lie. Names are random and made by the server; what comes in is ciphertext already. */
export interface BlobStore {
  /** Keeps a stream durably under a new name and answers with that name. */
  put: (bytes: Readable) => Promise<string>
  /** Undefined when there is no such file. */
  get: (name: string) => Promise<Readable | undefined>
  /** Deleting what is gone is no error. */
  remove: (name: string) => Promise<void>
}

const isName = (name: string) => /^[0-9a-f-]{36}$/.test(name)

/** Files in a folder of this machine: written beside, flushed, then renamed, so that a name always means a whole file. */
export function diskBlobStore(folder: string): BlobStore {
  const place = (name: string) => join(folder, name.slice(0, 2), name)
  return {
    async put(bytes) {
      const name = randomUUID()
      const path = place(name)
      await mkdir(join(folder, name.slice(0, 2)), { recursive: true, mode: 0o700 })
      try {
        await pipeline(bytes, createWriteStream(`${path}.part`, { mode: 0o600, flush: true }))
        await rename(`${path}.part`, path)
        await syncFolder(join(folder, name.slice(0, 2)))
      } catch (error) {
        await rm(`${path}.part`, { force: true })
        throw error
      }
      return name
    },
    async get(name) {
      if (!isName(name) || !await stat(place(name)).catch(() => undefined)) return undefined
      return createReadStream(place(name))
    },
    async remove(name) {
      if (isName(name)) await rm(place(name), { force: true })
    },
  }
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
      if (error) throw error
      return name
    },
    async get(name) {
      if (!isName(name)) return undefined
      const { data, error } = await files.download(name)
      if (error) return undefined
      const { Readable } = await import('node:stream')
      return Readable.from(Buffer.from(await data.arrayBuffer()))
    },
    async remove(name) {
      if (isName(name)) await files.remove([name])
    },
  }
}
