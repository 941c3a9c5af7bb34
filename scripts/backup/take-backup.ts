import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type postgres from 'postgres'
import type { MasterKey } from '../../server/domain/trust/envelope.ts'
import { claimDataFolder } from '../../supabase/embedded/data-folder.ts'
import { openSuperuser } from '../../supabase/embedded/database.ts'
import { findRunningPostgres, startPostgres } from '../../supabase/embedded/postgres.ts'
import { Sentence } from '../bootstrap/sentence.mjs'
import { newBackupKey } from './backup-key.ts'
import { SealedWriter } from './sealed-file.ts'
import { readContents } from './tables.ts'

/** `at`: everything acknowledged before this moment is in the backup. */
export interface Taken { at: string, tables: number, files: number, bytes: number }

/**
 * Copies a station into one sealed file while it runs, or while it rests: all tables as one snapshot sees them, then the files. A file
 * is written before the row that names it, so each row of the snapshot finds its file.
 * @see docs/decisions/backup-by-copy.md
 */
export async function takeBackup({ folder, masterKeys, target }: { folder: string, masterKeys: readonly MasterKey[], target: string }): Promise<Taken> {
  if (!existsSync(join(folder, 'keys.json'))) throw new Sentence(`There is no station in ${folder} yet; set LINLI_DATA_DIR to the folder of the station.`)
  if (existsSync(target)) throw new Sentence(`${target} is there already: give the backup another name.`)
  const { url, release } = await reachDatabase(folder)
  const sql = openSuperuser(url, 1)
  const at = new Date()
  const { header, key } = newBackupKey(masterKeys, randomUUID(), at)
  const writer = await SealedWriter.create(target, header, key).catch(async (error: unknown) => {
    await release()
    throw error
  })
  try {
    const tables = await sql.begin('isolation level repeatable read read only', async (snapshot) => {
      const contents = await readContents(snapshot)
      await writer.part('contents', [Buffer.from(JSON.stringify(contents))])
      for (const { name, columns } of contents.tables) {
        await writer.part(`table/${name}`, copyOut(snapshot, `copy ${name} (${columns.join(', ')}) to stdout`))
      }
      return contents.tables.length
    })
    await writer.part('keys.json', [await readFile(join(folder, 'keys.json'))])
    const files = await copyFiles(writer, join(folder, 'blobs'))
    const { bytes } = await writer.close()
    return { at: header.at, tables, files, bytes }
  }
  catch (error) {
    await writer.abandon()
    throw error
  }
  finally {
    await sql.end({ timeout: 5 })
    await release()
  }
}

async function* copyOut(sql: postgres.TransactionSql, statement: string): AsyncGenerator<Buffer> {
  const rows = await sql.unsafe(statement).readable()
  for await (const chunk of rows) yield chunk as Buffer
  // The driver pauses its socket behind a large piece and, when that was the last one, never reads again: the next table would wait for ever.
  rows._read(0)
}

/** The running database, or one started for this backup alone. */
async function reachDatabase(folder: string): Promise<{ url: string, release: () => Promise<void> }> {
  const running = await findRunningPostgres(folder)
  if (running) return { url: running, release: async () => undefined }
  const owner = await claimDataFolder(folder)
  try {
    const server = await startPostgres({ folder })
    return {
      url: server.url,
      async release() {
        await server.stop()
        await owner.release()
      },
    }
  }
  catch (error) {
    await owner.release()
    throw error
  }
}

/** What is half written belongs to nobody yet; what is deleted meanwhile is gone for good reason. */
async function copyFiles(writer: SealedWriter, folder: string): Promise<number> {
  let files = 0
  for (const prefix of existsSync(folder) ? (await readdir(folder)).sort() : []) {
    for (const name of (await readdir(join(folder, prefix))).sort()) {
      if (name.endsWith('.part')) continue
      const handle = await open(join(folder, prefix, name)).catch(() => undefined)
      if (!handle) continue
      await writer.part(`file/${prefix}/${name}`, handle.createReadStream({ highWaterMark: 256 * 1024 }))
      files++
    }
  }
  return files
}
