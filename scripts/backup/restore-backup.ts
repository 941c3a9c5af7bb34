import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, rm, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { finished, pipeline } from 'node:stream/promises'
import type postgres from 'postgres'
import type { MasterKey } from '../../server/domain/trust/envelope.ts'
import { claimDataFolder, restoreMark } from '../../supabase/embedded/data-folder.ts'
import { openSuperuser } from '../../supabase/embedded/database.ts'
import { listMigrations, migrate } from '../../supabase/embedded/migrate.ts'
import { startPostgres } from '../../supabase/embedded/postgres.ts'
import { Sentence } from '../bootstrap/sentence.mjs'
import { openBackupKey } from './backup-key.ts'
import { readHeader, readParts, type Part } from './sealed-file.ts'
import { allTables, contentsSchema, type Contents } from './tables.ts'
import { verifyBackup } from './verify-backup.ts'

export interface Restored { at: string, tables: number, files: number, migrations: number }

/**
 * Makes a station of a backup in an empty folder: the schema of its time from the migrations, its rows, its files, then every later
 * migration. Everybody has to sign in again, and links of invitations are dead: what was ended after the backup must not live again.
 * @throws Sentence when the folder is not empty, the key is wrong, the file is damaged, or it comes from a newer version
 */
export async function restoreBackup({ file, folder, masterKeys }: { file: string, folder: string, masterKeys: readonly MasterKey[] }): Promise<Restored> {
  if (existsSync(folder) && (await readdir(folder)).length > 0) throw new Sentence(`The folder ${folder} is not empty: restore into an empty one, named by LINLI_DATA_DIR.`)
  const { header, line } = await readHeader(file)
  const parts = readParts(file, line, openBackupKey(masterKeys, header))
  // Twice through the file: what is damaged is refused before anything is made of it.
  await verifyBackup(file, masterKeys)
  const contents = contentsSchema.parse(JSON.parse((await whole(await nextPart(parts, 'contents'))).toString('utf8')))
  await refuseForeign(contents)

  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, restoreMark), '', { mode: 0o600 })
  try {
    const restored = await fill(folder, contents, parts)
    await unlink(join(folder, restoreMark))
    return { at: header.at, ...restored }
  }
  catch (error) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true })
    throw error
  }
}

/** Somebody may have taken an invitation back since. Proposals wait for two people anyway. */
const endInvitations = `
  select private.log(i.station_id, null, 'system', 'staff.invitation_revoked', 'staff', i.user_id, jsonb_build_object('badge', i.badge_number)), private.end_invitation(i.id)
  from private.staff_invitations i where i.sent_at is not null and i.accepted_at is null and i.revoked_at is null`

async function fill(folder: string, contents: Contents, parts: AsyncGenerator<Part>): Promise<Omit<Restored, 'at'>> {
  const owner = await claimDataFolder(folder, { isRestoring: true })
  const server = await startPostgres({ folder }).catch(async (error: unknown) => {
    await owner.release()
    throw error
  })
  const sql = openSuperuser(server.url, 1)
  try {
    await migrate(sql, server.url, { until: contents.migrations.at(-1)?.version ?? '' })
    await sql.begin(transaction => copyIn(transaction, contents, parts))
    const keys = await whole(await nextPart(parts, 'keys.json'))
    const files = await copyFiles(parts, folder)
    const { applied } = await migrate(sql, server.url)
    await sql.unsafe(`delete from auth.refresh_tokens; delete from auth.sessions; ${endInvitations}`).simple()
    await writeFile(join(folder, 'keys.json'), keys, { mode: 0o600 })
    return { tables: contents.tables.length, files, migrations: applied.length }
  }
  finally {
    await sql.end({ timeout: 5 })
    await server.stop()
    await owner.release()
  }
}

/** Rows as they were: triggers and foreign keys have had their say when each was written. */
async function copyIn(sql: postgres.TransactionSql, { tables, sequences }: Contents, parts: AsyncGenerator<Part>) {
  await sql`set local session_replication_role = replica`
  await sql.unsafe(`truncate ${(await allTables(sql)).join(', ')}`)
  for (const { name, columns } of tables) {
    const { bytes } = await nextPart(parts, `table/${name}`)
    const copy = await sql.unsafe(`copy ${name} (${columns.join(', ')}) from stdin`).writable()
    for await (const chunk of bytes) if (!copy.write(chunk)) await once(copy, 'drain')
    copy.end()
    await finished(copy)
  }
  for (const { name, value } of sequences) await sql`select setval(${name}::regclass, ${value}::bigint)`
}

async function copyFiles(parts: AsyncGenerator<Part>, folder: string): Promise<number> {
  let files = 0
  for await (const { name, bytes } of parts) {
    const place = /^file\/([0-9a-f]{2}\/[0-9a-f-]{36})$/.exec(name)?.[1]
    if (!place) throw new Sentence(`The backup holds a part that this version does not know: ${name.slice(0, 100)}.`)
    const target = join(folder, 'blobs', place)
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await pipeline(bytes, createWriteStream(target, { mode: 0o600, flush: true }))
    files++
  }
  return files
}

async function refuseForeign({ migrations }: Contents) {
  const ours = new Map((await listMigrations()).map(({ version, statements }) => [version, createHash('sha256').update(JSON.stringify(statements)).digest('hex')]))
  const unknown = migrations.find(({ version }) => !ours.has(version))
  if (unknown) throw new Sentence(`The backup comes from a newer version of Linli (its database knows ${unknown.version}_${unknown.name}): update Linli first, then restore.`)
  const changed = migrations.find(({ version, sha256 }) => ours.get(version) !== sha256)
  if (changed) throw new Sentence(`The migration ${changed.version}_${changed.name} is not the one that the backup was made with: restore with the version of Linli that made it.`)
}

async function nextPart(parts: AsyncGenerator<Part>, name: string): Promise<Part> {
  const next = await parts.next()
  if (next.done || next.value.name !== name) throw new Sentence(`The backup is damaged: part ${name} is not where it belongs.`)
  return next.value
}

async function whole({ bytes }: Part): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}
