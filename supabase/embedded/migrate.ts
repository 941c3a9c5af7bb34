import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import postgres from 'postgres'
import { splitSqlStatements } from '@supabase/lite'
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

/** Brings the database up to date: prelude, lite's own tables, new migrations in order, changed seeds. */
export async function migrate(sql: Sql, url: string, folders: MigrationFolders = repositoryFolders): Promise<{ applied: string[] }> {
  await sql.unsafe(await readFile(path.join(import.meta.dirname, 'prelude.sql'), 'utf8')).simple()
  await ensureAuthSchema(url)
  await sql.unsafe(await readFile(path.join(import.meta.dirname, 'auth-grants.sql'), 'utf8')).simple()
  const applied = await applyMigrations(sql, folders.migrations)
  await applySeeds(sql, folders.seeds)
  return { applied }
}

/** Brings a Supabase project up to date over its own connection: migrations and changed seeds, in the history that its CLI keeps too. */
export async function migrateHosted(sql: Sql, folders: MigrationFolders = repositoryFolders): Promise<{ applied: string[] }> {
  await sql.unsafe(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
    create table if not exists supabase_migrations.seed_files (path text primary key, hash text not null);
  `).simple()
  const applied = await applyMigrations(sql, folders.migrations)
  await applySeeds(sql, folders.seeds)
  return { applied }
}

/** Runs the files that the history does not know, each in a transaction; one that was changed later is not run again. */
async function applyMigrations(sql: Sql, folder: string): Promise<string[]> {
  const known = await sql<{ version: string }[]>`select version from supabase_migrations.schema_migrations`
  const done = new Set(known.map(({ version }) => version))
  const applied: string[] = []
  for (const file of await sqlFiles(folder)) {
    const [, version, name] = /^(\d{14})_(.+)\.sql$/.exec(file) ?? []
    if (!version || !name) throw new StartError(`Migration ${file} is not named as YYYYMMDDHHMMSS_noun_verb.sql.`)
    if (done.has(version)) continue
    const text = await readFile(path.join(folder, file), 'utf8')
    await inFile(file, text, () => sql.begin(async (transaction) => {
      await transaction.unsafe(text).simple()
      await transaction`
        insert into supabase_migrations.schema_migrations (version, name, statements)
        values (${version}, ${name}, ${splitSqlStatements(text)})`
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
