import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bucketBlobStore, diskBlobStore } from '#server/db/blob-store'

interface Listed { name: string, updated_at: string | null }

/** Supabase Storage as far as a listing goes: its search finds the digits anywhere, and a page holds what was asked for. */
function aBucket(objects: Listed[]) {
  const calls: { search: string, offset: number }[] = []
  const files = {
    list: async (_path: string, { search, limit, offset }: { search: string, limit: number, offset: number }) => {
      calls.push({ search, offset })
      return { data: objects.filter(({ name }) => name.includes(search)).toSorted((a, b) => a.name < b.name ? -1 : 1).slice(offset, offset + limit), error: null }
    },
  }
  return { calls, store: bucketBlobStore({ server: { storage: { from: () => files } } } as never) }
}

const before = new Date('2026-11-20T00:00:00Z')
const old = '2026-11-19T23:59:59Z'
const nameOf = (prefix: string, number: number) => `${prefix}${String(number).padStart(6, '0')}-0000-4000-8000-000000000000`

async function allOf(pages: AsyncIterable<string[]>) {
  const all: string[][] = []
  for await (const page of pages) all.push(page)
  return all
}

describe('the files of a bucket', () => {
  it('that were last written before then are named, each once, in pages', async () => {
    const many = Array.from({ length: 2_100 }, (_, number) => ({ name: nameOf('ab', number), updated_at: old }))
    const { store } = aBucket([...many, { name: nameOf('00', 1), updated_at: old }, { name: nameOf('ff', 1), updated_at: old }])

    const pages = await allOf(store.list(before))

    expect(Math.max(...pages.map(page => page.length))).toBeLessThanOrEqual(1000)
    expect(pages.flat()).toHaveLength(2_102)
    expect(new Set(pages.flat()).size).toBe(2_102)
  })

  it('that are young, of no known age or none of ours are not', async () => {
    const { store } = aBucket([
      { name: nameOf('ab', 1), updated_at: '2026-11-20T00:00:01Z' }, { name: nameOf('ab', 2), updated_at: null }, { name: 'ab.emptyFolderPlaceholder', updated_at: old }, { name: nameOf('ab', 3), updated_at: old },
    ])

    expect((await allOf(store.list(before))).flat()).toEqual([nameOf('ab', 3)])
  })

  it('a listing that fails is no empty listing', async () => {
    const store = bucketBlobStore({ server: { storage: { from: () => ({ list: async () => ({ data: null, error: new Error('storage is away') }) }) } } } as never)

    await expect(allOf(store.list(before))).rejects.toThrow('storage is away')
  })
})

describe('the files of a folder', () => {
  let room = ''
  beforeEach(async () => {
    room = await mkdtemp(join(tmpdir(), 'linli-blobs-'))
  })
  afterEach(() => rm(room, { recursive: true, force: true }))
  const unavailable = { name: 'AppError', code: 'unavailable' }

  it('that is away are "unavailable", which is another thing than a file that is gone', async () => {
    const folder = join(room, 'blobs')
    const store = diskBlobStore(folder)
    const name = await store.put(Readable.from(['photo']))
    await expect(store.check()).resolves.toBeUndefined()
    expect(await store.get('00000000-0000-4000-8000-000000000000')).toBeUndefined()

    await rename(folder, join(room, 'unplugged'))
    await expect(store.get(name)).rejects.toMatchObject(unavailable)
    await writeFile(folder, 'no folder')
    await expect(store.get(name)).rejects.toMatchObject(unavailable)
    await expect(store.put(Readable.from(['photo']))).rejects.toMatchObject(unavailable)
    await expect(store.check()).rejects.toMatchObject(unavailable)

    await rm(folder)
    await rename(join(room, 'unplugged'), folder)
    expect(await (await store.get(name))?.toArray()).toEqual([Buffer.from('photo')])
  })

  it('are not away because a sender broke off', async () => {
    const store = diskBlobStore(join(room, 'blobs'))
    const brokenOff = new Readable({ read() { this.destroy(new Error('the sender went away')) } })

    await expect(store.put(brokenOff)).rejects.toThrow('the sender went away')
  })
})

it('a bucket that is away is "unavailable", one that lacks the file says so', async () => {
  const answering = (status: number) => bucketBlobStore({ server: { storage: { from: () => ({
    download: async () => ({ data: null, error: Object.assign(new Error('storage'), { status }) }), upload: async () => ({ error: Object.assign(new Error('storage'), { status }) }), list: async () => ({ data: null, error: new Error('storage') }),
  }) } } } as never)
  const name = '00000000-0000-4000-8000-000000000000'

  expect(await answering(404).get(name)).toBeUndefined()
  await expect(answering(503).get(name)).rejects.toMatchObject({ code: 'unavailable' })
  await expect(answering(503).put(Readable.from(['photo']))).rejects.toMatchObject({ code: 'unavailable' })
  await expect(answering(503).check()).rejects.toMatchObject({ code: 'unavailable' })
})
