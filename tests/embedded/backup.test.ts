import { randomBytes, randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diskBlobStore } from '#server/db/blob-store'
import { findMasterKeys } from '../../scripts/backup/backup-key.ts'
import { restoreBackup } from '../../scripts/backup/restore-backup.ts'
import { takeBackup } from '../../scripts/backup/take-backup.ts'
import { verifyBackup } from '../../scripts/backup/verify-backup.ts'
import { claimDataFolder, restoreMark } from '../../supabase/embedded/data-folder.ts'
import { type Sql, openSuperuser } from '../../supabase/embedded/database.ts'
import { keysOf } from '../../supabase/embedded/keys.ts'
import { migrate } from '../../supabase/embedded/migrate.ts'
import { type Postgres, startPostgres } from '../../supabase/embedded/postgres.ts'
import { printSchema } from '../../supabase/embedded/print-schema.ts'

const words = 'Amina saw who took the battery'
const keysOfEnvironment = (id = 'k1') => findMasterKeys({ LINLI_MASTER_KEYS: `${id}:${randomBytes(32).toString('base64')}` })
const masterKeys = keysOfEnvironment()
const photo = randomBytes(700_000)
let room = '', folder = '', backup = '', photoName = '', emptyName = ''
let server: Postgres, sql: Sql
let taken: Awaited<ReturnType<typeof takeBackup>>

/** A station at work: rows of many kinds, a session, a file and an empty one, a half written one. */
beforeAll(async () => {
  room = await mkdtemp(path.join(os.tmpdir(), 'linli-backup-'))
  folder = path.join(room, 'station')
  backup = path.join(room, 'one.backup')
  await mkdir(folder, { mode: 0o755 })
  await keysOf(folder, { url: 'http://127.0.0.1:54321', demo: false })
  server = await startPostgres({ folder })
  sql = openSuperuser(server.url)
  await migrate(sql, server.url)
  await sql`insert into public.stations (id, slug, name) values (${randomUUID()}, 'home', ${sql.json({ zh: '城关派出所\t“一”', en: words })})`
  // Rows that fill more than one piece of the wire: a pause of the driver must not last.
  await sql`insert into private.settings (key, value) select 'test_' || n, to_jsonb(repeat('长', 3000)) from generate_series(1, 40) n`
  for (let n = 0; n < 3; n++) await sql`insert into public.audit_log (actor_role, action, noun) values ('system', 'report.accepted', 'reports')`
  const user = randomUUID()
  await sql`insert into auth.users (id, aud, role, email, email_confirmed_at) values (${user}, 'authenticated', 'authenticated', 'amina@example.test', now())`
  const station = randomUUID()
  await sql`insert into public.stations (id, slug, name) values (${station}, 'hill', ${sql.json({ zh: '山街', en: 'Hill' })})`
  await sql`insert into private.staff_invitations (station_id, role, name, badge_number, email, locale, created_at, token_hash, sent_at, expires_at)
    values (${station}, 'officer', ${sql.json({ zh: '林晓', en: 'Lin Xiao' })}, '1', 'lin@example.test', 'zh', now(), ${`index-1:${randomBytes(32).toString('hex')}`}, now(), now() + interval '7 days')`
  await sql`insert into auth.sessions (id, user_id, created_at, updated_at) values (${randomUUID()}, ${user}, now(), now())`
  const blobs = diskBlobStore(path.join(folder, 'blobs'))
  photoName = await blobs.put(Readable.from([photo]))
  emptyName = await blobs.put(Readable.from([]))
  writeFileSync(path.join(folder, 'blobs', photoName.slice(0, 2), `${randomUUID()}.part`), 'half')
  taken = await takeBackup({ folder, masterKeys, target: backup })
})
afterAll(async () => {
  await sql?.end()
  await server?.stop()
  await rm(room, { recursive: true, force: true })
})

/** A restored station's rows, read from its own cluster. */
async function inside<T>(station: string, read: (sql: Sql) => Promise<T>): Promise<T> {
  const own = await startPostgres({ folder: station })
  const connection = openSuperuser(own.url)
  try {
    return await read(connection)
  }
  finally {
    await connection.end()
    await own.stop()
  }
}

const counts = async (connection: Sql) => {
  const tables = await connection<{ name: string }[]>`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'private', 'auth', 'supabase_migrations') and c.relkind = 'r' order by 1`
  const found: Record<string, string> = {}
  for (const { name } of tables) found[name] = JSON.stringify((await connection.unsafe(`select count(*)::int as rows, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as rest from ${name} t`))[0])
  return found
}

describe('a backup', () => {
  it('is made while the station runs, is whole, and tells nothing without the master key', async () => {
    const seen = await verifyBackup(backup, masterKeys)
    const bytes = readFileSync(backup)

    expect(seen).toMatchObject({ at: taken.at, files: 2, tables: taken.tables, masterKey: 'k1' })
    expect(taken.tables).toBeGreaterThan(30)
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    for (const secret of [words, 'amina@example', 'sb_secret_', 'jwtSecret', 'stations']) expect(bytes.includes(secret), secret).toBe(false)
    expect(bytes.includes(photo.subarray(0, 64))).toBe(false)
  })

  it('is restored into an empty folder: the same schema, every row, every file, the same keys, and nobody signed in', async () => {
    const elsewhere = path.join(room, 'elsewhere')
    const before = await counts(sql)

    const restored = await restoreBackup({ file: backup, folder: elsewhere, masterKeys })

    expect(restored).toMatchObject({ at: taken.at, files: 2, migrations: 0 })
    const { after, schema, slug, next } = await inside(elsewhere, async own => ({
      after: await counts(own), schema: await printSchema(own), slug: await own`select name ->> 'zh' as name from public.stations`,
      next: await own`insert into public.audit_log (actor_role, action, noun) values ('system', 'report.accepted', 'reports') returning id`,
    }))
    const { 'auth.sessions': sessions, 'private.staff_invitations': invitations, 'public.audit_log': log, ...rest } = before
    expect(invitations).toContain('"rows":1')
    expect(sessions).toContain('"rows":1')
    expect(log).toContain('"rows":3')
    expect(after).toEqual({
      ...rest, 'auth.sessions': expect.stringContaining('"rows":0') as string, 'private.staff_invitations': expect.stringContaining('"rows":1') as string,
      // An invitation that was out has ended, which the log says.
      'public.audit_log': expect.stringContaining('"rows":4') as string,
    })
    expect(schema).toBe(await printSchema(sql))
    expect(slug).toContainEqual({ name: '城关派出所\t“一”' })
    expect(next, 'counting goes on where it was').toEqual([{ id: '5' }])
    expect(readFileSync(path.join(elsewhere, 'keys.json'))).toEqual(readFileSync(path.join(folder, 'keys.json')))
    expect(statSync(path.join(elsewhere, 'keys.json')).mode & 0o777).toBe(0o600)
    expect(readFileSync(path.join(elsewhere, 'blobs', photoName.slice(0, 2), photoName)).equals(photo)).toBe(true)
    expect(statSync(path.join(elsewhere, 'blobs', emptyName.slice(0, 2), emptyName)).size).toBe(0)
    expect(existsSync(path.join(elsewhere, restoreMark))).toBe(false)
  })

  it('brings no link of an invitation back to life', async () => {
    const again = path.join(room, 'invitations')

    await restoreBackup({ file: backup, folder: again, masterKeys })

    expect(await sql`select email from private.staff_invitations where revoked_at is null`).toEqual([{ email: 'lin@example.test' }])
    expect(await inside(again, own => own`select email, token_hash, revoked_at is not null as ended from private.staff_invitations`)).toEqual([{ email: null, token_hash: null, ended: true }])
  })

  it('is refused in one sentence by a folder that is not empty and by another key, and leaves nothing behind', async () => {
    const full = path.join(room, 'full')
    await mkdir(full)
    writeFileSync(path.join(full, 'mine'), '')
    const none = path.join(room, 'none')

    await expect(restoreBackup({ file: backup, folder: full, masterKeys })).rejects.toThrow(`The folder ${full} is not empty: restore into an empty one, named by LINLI_DATA_DIR.`)
    await expect(restoreBackup({ file: backup, folder: none, masterKeys: keysOfEnvironment('k1') })).rejects.toThrow('The backup does not open: it was sealed with the master key "k1", and LINLI_MASTER_KEYS does not hold that key.')
    await expect(restoreBackup({ file: backup, folder: none, masterKeys: keysOfEnvironment('k2') })).rejects.toThrow('it was sealed with the master key "k1"')
    expect(() => findMasterKeys({})).toThrow('LINLI_MASTER_KEYS is missing')
    expect(readdirSync(full)).toEqual(['mine'])
    expect(existsSync(none)).toBe(false)
  })

  it.each([
    ['one bit of a file', (bytes: Buffer) => { bytes[bytes.length - 5000] = (bytes[bytes.length - 5000] ?? 0) ^ 1 }, /is damaged at piece \d+: it was changed or cut/],
    ['a cut in the middle', (bytes: Buffer) => bytes.subarray(0, bytes.length - 300_000), /is not whole: its end is missing/],
    ['a missing last piece', (bytes: Buffer) => bytes.subarray(0, bytes.length - closing(bytes)), /is not whole: its end is missing/],
    ['another time in its first line', (bytes: Buffer) => { bytes.write('2001', bytes.indexOf('"at":"') + 6) }, /is damaged at piece 1/],
  ])('with %s is found out by --verify and never becomes a station', async (_what, harm, sentence) => {
    const file = path.join(room, `${randomUUID()}.backup`)
    copyFileSync(backup, file)
    const bytes = readFileSync(file)
    writeFileSync(file, harm(bytes) ?? bytes)
    const target = path.join(room, randomUUID())

    await expect(verifyBackup(file, masterKeys)).rejects.toThrow(sentence)
    await expect(restoreBackup({ file, folder: target, masterKeys })).rejects.toThrow(sentence)
    expect(existsSync(target) ? readdirSync(target) : []).toEqual([])
  })

  it('is refused when its database is newer than the code', async () => {
    await sql`insert into supabase_migrations.schema_migrations (version, name, statements) values ('29990101000000', 'later', '{}')`
    const file = path.join(room, 'newer.backup')
    try {
      await takeBackup({ folder, masterKeys, target: file })
    }
    finally {
      await sql`delete from supabase_migrations.schema_migrations where version = '29990101000000'`
    }

    await expect(restoreBackup({ file, folder: path.join(room, 'older'), masterKeys })).rejects.toThrow('The backup comes from a newer version of Linli (its database knows 29990101000000_later): update Linli first, then restore.')
  })

  it('is made of a station that rests, too, and never over another', async () => {
    const elsewhere = path.join(room, 'elsewhere')
    const file = path.join(room, 'two.backup')

    expect(await takeBackup({ folder: elsewhere, masterKeys, target: file })).toMatchObject({ files: 2, tables: taken.tables })
    await expect(takeBackup({ folder: elsewhere, masterKeys, target: file })).rejects.toThrow('is there already')
    await expect(takeBackup({ folder: path.join(room, 'nothing'), masterKeys, target: `${file}2` })).rejects.toThrow('There is no station in')
  })

  it('that was broken off while it was restored starts no station', async () => {
    const broken = path.join(room, 'broken')
    await mkdir(broken)
    writeFileSync(path.join(broken, restoreMark), '')

    await expect(claimDataFolder(broken)).rejects.toThrow('was broken off: empty the folder and restore again')
  })
})

/** Length of the last frame with its own four bytes: found by walking the frames as a reader does. */
function closing(bytes: Buffer): number {
  let at = bytes.indexOf('\n') + 1
  let last = 0
  while (at < bytes.length) at += last = 4 + bytes.readUInt32BE(at)
  return last
}
