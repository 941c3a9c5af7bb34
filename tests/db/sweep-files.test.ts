import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diskBlobStore } from '#server/db/blob-store'
import { createClients } from '#server/db/clients'
import { discardFile, receiveFile } from '#server/domain/reports/receive-file'
import { sweepFiles } from '#server/domain/reports/sweep-files'
import type { Services } from '#server/domain/services'
import { aReport } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
let services: Pick<Services, 'clients' | 'blobs'>
const folder = mkdtempSync(join(tmpdir(), 'linli-blobs-'))

beforeAll(async () => {
  world = await buildWorld()
  services = { clients: createClients(world.backend), blobs: diskBlobStore(folder) }
})
afterAll(async () => {
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A PDF as far as its front goes; it comes in as every upload does. */
const upload = () => receiveFile(services, Readable.from([Buffer.from('%PDF-1.7\n'), randomBytes(5_000)]), { keepsOriginal: true })
const kept = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(({ name }) => name)

/** As if it had been written so long ago. */
function makeOld(name: string, hours: number) {
  const at = new Date(Date.now() - hours * 3600 * 1000)
  utimesSync(join(folder, name.slice(0, 2), name), at, at)
}

describe('after a crash between the file and its draft', () => {
  it('the file goes a day later; those of drafts and reports stay, and so does one that has just come in', async () => {
    const [lost, waiting, evidence, fresh] = [await upload(), await upload(), await upload(), await upload()]
    const report = await aReport(world)
    await world.sql`insert into private.report_drafts (id_hash, sealed, blobs, expires_at) values (${randomUUID()}, 'v1.x', array[${waiting.originalBlob!}], now() + interval '1 hour')`
    await world.sql`insert into public.report_attachments (id, report_id, at, author, media_type, size_bytes, sha256, original_blob, key_sealed)
      values (gen_random_uuid(), ${report.id}, now(), 'reporter', 'application/pdf', 1, repeat('0', 64), ${evidence.originalBlob!}, 'v1.x')`
    for (const file of [lost, waiting, evidence]) makeOld(file.originalBlob!, 25)
    makeOld(fresh.originalBlob!, 23)

    const swept = await sweepFiles(services)

    expect(swept).toEqual({ looked: 3, orphans: 1 })
    expect(kept().toSorted()).toEqual([waiting, evidence, fresh].map(file => file.originalBlob).toSorted())
    expect(await sweepFiles(services, Date.now() + 2 * 3600 * 1000)).toEqual({ looked: 3, orphans: 1 })
    for (const file of [waiting, evidence]) await discardFile(services, file)
  })

  it('in the middle of the file: what was half written goes too', async () => {
    const whole = (await upload()).originalBlob!
    const name = `${whole.slice(0, 2)}${randomUUID().slice(2)}.part`
    writeFileSync(join(folder, whole.slice(0, 2), name), 'half')
    makeOld(name, 25)

    expect(await sweepFiles(services)).toEqual({ looked: 1, orphans: 1 })
    expect(kept()).toEqual([whole])
  })
})
