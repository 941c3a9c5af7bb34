import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import postgres from 'postgres'
import { splitSqlStatements } from '@supabase/lite'
import { applyArticleSeeds } from './article-seeds.ts'
import type { Sql } from './database.ts'
import { ensureAuthSchema } from './lite.ts'
import { StartError } from './start-error.ts'

export type MigrationFolders = {
  migrations: string
  seeds: string
}

/** The folders of this repository. */
export const repositoryFolders: MigrationFolders = {
  migrations: path.resolve(import.meta.dirname, '../migrations'),
  seeds: path.resolve(import.meta.dirname, '../seeds'),
}

export type Migration = { file: string, version: string, name: string, text: string, statements: string[] }

/**
 * Brings the database up to date: prelude, lite's own tables, new migrations in order, changed seeds.
 * @param options `until`: only migrations up to this version, and no seeds: the schema of an earlier time
 * @throws StartError when a migration that ran here was changed since, or the database knows one that we do not
 */
export async function migrate(sql: Sql, url: string, { until, ...given }: Partial<MigrationFolders> & { until?: string } = {}): Promise<{ applied: string[] }> {
  await makeSurroundings(sql, url)
  return bringUpToDate(sql, { ...repositoryFolders, ...given }, until)
}

/** What Supabase has before the first migration: roles, schemas, extensions, the tables of Auth. */
export async function makeSurroundings(sql: Sql, url: string): Promise<void> {
  await sql.unsafe(await readFile(path.join(import.meta.dirname, 'prelude.sql'), 'utf8')).simple()
  await ensureAuthSchema(url)
  await sql.unsafe(await readFile(path.join(import.meta.dirname, 'auth-grants.sql'), 'utf8')).simple()
}

/** New migrations in order, then changed seeds, as whoever `sql` logs in as. */
export async function bringUpToDate(sql: Sql, folders: MigrationFolders = repositoryFolders, until?: string): Promise<{ applied: string[] }> {
  const applied = await applyMigrations(sql, await listMigrations(folders.migrations), { until })
  if (until === undefined) await applySeeds(sql, folders.seeds)
  return { applied }
}

/** Brings a Supabase project up to date over its own connection: migrations and changed seeds, in the history that its CLI keeps too. */
export async function migrateHosted(sql: Sql, folders: MigrationFolders = repositoryFolders): Promise<{ applied: string[] }> {
  await sql.unsafe(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
    create table if not exists supabase_migrations.seed_files (path text primary key, hash text not null);
  `).simple()
  // Its CLI cuts files into statements in its own way: what it wrote cannot be compared with ours.
  const applied = await applyMigrations(sql, await listMigrations(folders.migrations), { isComparable: false })
  await applySeeds(sql, folders.seeds)
  return { applied }
}

/** The migrations of a folder in their order. */
export async function listMigrations(folder: string = repositoryFolders.migrations): Promise<Migration[]> {
  return Promise.all((await sqlFiles(folder)).map(async (file) => {
    const [, version, name] = /^(\d{14})_(.+)\.sql$/.exec(file) ?? []
    if (!version || !name) throw new StartError(`Migration ${file} is not named as YYYYMMDDHHMMSS_noun_verb.sql.`)
    const text = await readFile(path.join(folder, file), 'utf8')
    return { file, version, name, text, statements: splitSqlStatements(text) }
  }))
}

/** Runs what the history does not know, each file in a transaction. Forward only: what ran is never run again, and never changed. */
async function applyMigrations(sql: Sql, migrations: Migration[], { until, isComparable = true }: { until?: string | undefined, isComparable?: boolean } = {}): Promise<string[]> {
  const known = await sql<{ version: string, name: string | null, statements: string[] | null }[]>`select version, name, statements from supabase_migrations.schema_migrations order by version`
  const done = new Map(known.map(({ version, statements }) => [version, statements]))
  const newer = known.find(({ version }) => !migrations.some(migration => migration.version === version))
  if (newer) throw new StartError(`The database is newer than this version of Linli (it knows the migration ${newer.version}_${newer.name ?? ''}): start the version that made it, or a newer one.`)
  const changed = migrations.find(({ version, statements }) => isComparable && done.get(version) && JSON.stringify(done.get(version)) !== JSON.stringify(statements))
  if (changed) throw new StartError(`The migration ${changed.file} was changed after it ran on this database: put it back as it was and write a new one.`)
  const applied: string[] = []
  for (const { file, version, name, text, statements } of migrations) {
    if (done.has(version) || (until !== undefined && version > until)) continue
    await inFile(file, text, () => sql.begin(async (transaction) => {
      await transaction.unsafe(text).simple()
      await transaction`
        insert into supabase_migrations.schema_migrations (version, name, statements)
        values (${version}, ${name}, ${statements})`
    }))
    applied.push(file)
  }
  return applied
}

/** Reference data: idempotent files, run again when their content changed. */
async function applySeeds(sql: Sql, folder: string): Promise<void> {
  for (const file of await sqlFiles(folder)) {
    const text = await readFile(path.join(folder, file), 'utf8')
    const name = `supabase/seeds/${file}`
    const hash = createHash('sha256').update(text).digest('hex')
    const [known] = await sql<{ hash: string }[]>`select hash from supabase_migrations.seed_files where path = ${name}`
    if (known?.hash === hash) continue
    await inFile(name, text, () => sql.begin(async (transaction) => {
      await transaction.unsafe(text).simple()
      await transaction`
        insert into supabase_migrations.seed_files (path, hash) values (${name}, ${hash})
        on conflict (path) do update set hash = excluded.hash`
    }))
  }
  await applyArticleSeeds(sql, path.join(folder, 'knowledge'))
}

async function sqlFiles(folder: string): Promise<string[]> {
  return existsSync(folder) ? (await readdir(folder)).filter(file => file.endsWith('.sql')).sort() : []
}

async function inFile(file: string, text: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  }
  catch (cause) {
    // The driver's own error carries the whole file: its facts are enough.
    if (!(cause instanceof postgres.PostgresError)) throw cause
    throw new StartError(`${file}${place(cause, text)}: ${cause.message}${cause.detail ? ` (${cause.detail})` : ''} [${cause.code}]${cause.where ? `\n  in ${cause.where.split('\n')[0]}` : ''}`)
  }
}

/** Postgres counts characters from the start of the text that was sent, which is the whole file. */
function place(error: postgres.PostgresError, text: string): string {
  const position = Number(error.position)
  if (!Number.isInteger(position) || position < 1) return ''
  const before = [...text].slice(0, position - 1).join('').split('\n')
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}
