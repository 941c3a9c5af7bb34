import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Sql, openSuperuser } from '../../supabase/embedded/database.ts'
import { migrate } from '../../supabase/embedded/migrate.ts'
import { type Postgres, startPostgres } from '../../supabase/embedded/postgres.ts'
import { printSchema } from '../../supabase/embedded/print-schema.ts'
import { fixtureFolders } from './fixture-folders.ts'

let folder = '', server: Postgres, admin: Sql
let sql: Sql, url: string, database = 0
let folders: typeof fixtureFolders

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'linli-migrate-'))
  server = await startPostgres({ folder: path.join(folder, 'data'), durable: false })
  admin = openSuperuser(server.url, 1)
})
afterAll(async () => {
  await admin?.end()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  const name = `station_${++database}`
  await admin.unsafe(`create database ${name}`)
  url = server.url.replace(/\/postgres$/, `/${name}`)
  sql = openSuperuser(url)
  folders = { migrations: path.join(folder, name, 'migrations'), seeds: path.join(folder, name, 'seeds') }
  await cp(fixtureFolders.migrations, folders.migrations, { recursive: true })
  await cp(fixtureFolders.seeds, folders.seeds, { recursive: true })
})
afterEach(() => sql.end())

const addMigration = (name: string, text: string) => writeFile(path.join(folders.migrations, name), text)

it('keeps the history as the Supabase CLI does', async () => {
  const { applied } = await migrate(sql, url, folders)

  expect(applied).toHaveLength(3)
  const rows = await sql<{ version: string, name: string, statements: string[] }[]>`select version, name, statements from supabase_migrations.schema_migrations order by version`
  expect(rows.map(({ version, name }) => `${version}_${name}.sql`)).toEqual(applied)
  expect(rows[1]?.statements[0]).toContain('create table public.benches')
  expect(rows[2]?.statements.length).toBeGreaterThan(30)
})

it('runs nothing twice', async () => {
  await migrate(sql, url, folders)

  expect((await migrate(sql, url, folders)).applied).toEqual([])
})

it('refuses in one sentence to start when a migration was changed after it ran, and does nothing', async () => {
  await migrate(sql, url, folders)
  await addMigration('20260101000100_benches_create.sql', 'drop table public.benches;')
  await addMigration('20270101000000_later_create.sql', 'create table public.later (id integer);')

  await expect(migrate(sql, url, folders)).rejects.toMatchObject({ name: 'StartError', message: 'The migration 20260101000100_benches_create.sql was changed after it ran on this database: put it back as it was and write a new one.' })
  expect(await sql`select to_regclass('public.benches') is not null as there, to_regclass('public.later') as later`).toEqual([{ there: true, later: null }])
})

it('refuses in one sentence a database that is newer than the code', async () => {
  await addMigration('20270101000000_later_create.sql', 'create table public.later (id integer);')
  await migrate(sql, url, folders)
  await rm(path.join(folders.migrations, '20270101000000_later_create.sql'))

  await expect(migrate(sql, url, folders)).rejects.toMatchObject({ name: 'StartError', message: 'The database is newer than this version of Linli (it knows the migration 20270101000000_later_create): start the version that made it, or a newer one.' })
})

it('makes the schema of an earlier time, without seeds, and the rest later', async () => {
  expect((await migrate(sql, url, { ...folders, until: '20260101000100' })).applied).toHaveLength(2)
  expect(await sql`select 1 from supabase_migrations.seed_files`).toHaveLength(0)

  expect((await migrate(sql, url, folders)).applied).toHaveLength(1)
  expect((await sql`select 1 from supabase_migrations.seed_files`).length).toBeGreaterThan(0)
})

it.each([
  ['a syntax error', 'create table public.a (id integer);\ncreate tabel public.b (id integer);\n', '20270101000000_broken_create.sql:2:8: syntax error at or near "tabel" [42601]'],
  ['a missing table, after Chinese text', '-- 社区\ncomment on table public.\n  nowhere is \'x\';', '20270101000000_broken_create.sql: relation "public.nowhere" does not exist [42P01]'],
  ['an error inside a block', 'create table public.a (id integer);\ndo $$ begin raise exception \'no\'; end $$;', '20270101000000_broken_create.sql: no [P0001]\n  in PL/pgSQL function inline_code_block line 1 at RAISE'],
  ['a wrong column', 'create table public.a (id integer);\n\nselect 社区\n  from public.a;', '20270101000000_broken_create.sql:3:8: column "社区" does not exist [42703]'],
])('names file, line and column of %s and leaves nothing of it behind', async (_what, text, sentence) => {
  await migrate(sql, url, folders)
  await addMigration('20270101000000_broken_create.sql', text)

  await expect(migrate(sql, url, folders)).rejects.toMatchObject({ name: 'StartError', message: sentence })

  expect(await sql`select to_regclass('public.a') as there`).toEqual([{ there: null }])
  expect(await sql`select 1 from supabase_migrations.schema_migrations where version = '20270101000000'`).toHaveLength(0)
})

it('refuses a file whose name has no version', async () => {
  await addMigration('later.sql', 'select 1;')

  await expect(migrate(sql, url, folders)).rejects.toThrow('later.sql is not named as YYYYMMDDHHMMSS_noun_verb.sql')
})

it('runs a seed again only when its content changed', async () => {
  await migrate(sql, url, folders)
  await sql`delete from private.colours where name = 'red'`

  await migrate(sql, url, folders)
  expect(await sql`select name from private.colours order by 1`).toEqual([{ name: 'green' }])

  const file = path.join(folders.seeds, '10_colours.sql')
  await writeFile(file, (await readFile(file, 'utf8')).replace('\'green\'', '\'blue\''))
  await migrate(sql, url, folders)
  expect(await sql`select name from private.colours order by 1`).toEqual([{ name: 'blue' }, { name: 'green' }, { name: 'red' }])
})

it('grants nothing to the API roles by default, as Supabase today', async () => {
  await migrate(sql, url, folders)
  await addMigration('20270101000000_plain_create.sql', 'create table public.plain (id integer); create function public.plainly() returns integer language sql as \'select 1\'; create sequence public.counting;')
  await migrate(sql, url, folders)

  const rights = await sql`
    select r.role, has_table_privilege(r.role, 'public.plain', 'select, insert, update, delete') as table, has_function_privilege(r.role, 'public.plainly()', 'execute') as function, has_sequence_privilege(r.role, 'public.counting', 'usage') as sequence
    from unnest(array['anon', 'authenticated', 'service_role', 'authenticator', 'supabase_auth_admin']) as r (role)`

  expect(rights.map(({ role: _role, ...rest }) => rest)).toEqual(Array.from({ length: 5 }, () => ({ table: false, function: false, sequence: false })))
  expect(await sql`select has_schema_privilege('anon', 'public', 'create') or has_schema_privilege('authenticated', 'public', 'create') as may`).toEqual([{ may: false }])
})

it('has the extensions in their own schema', async () => {
  await migrate(sql, url, folders)

  expect(await sql`select extname::text as name from pg_extension where extnamespace = 'extensions'::regnamespace order by 1`).toEqual(['btree_gist', 'pg_trgm', 'pgcrypto'].map(name => ({ name })))
})

it('prints the same schema for every database with the same migrations', async () => {
  await migrate(sql, url, folders)
  const first = await printSchema(sql)
  const again = openSuperuser(url, 1)

  expect(await printSchema(again)).toBe(first)
  await again.end()
  expect(first).toContain(`create table public.benches (
  id uuid not null default gen_random_uuid(),
  name text not null,`)
  expect(first).toContain('constraint benches_name_check CHECK')
  expect(first).toContain('comment on column public.benches.seats is \'How many people sit.\';')
  expect(first).toContain('alter table public.benches enable row level security;')
  expect(first).toContain('-- row level security is off on public.hidden_notes')
  expect(first).toContain(`create policy "owners read their benches" on public.benches for select to authenticated
  using ((owner = ( SELECT auth.uid() AS uid)));`)
  expect(first).toContain('grant insert (name, owner, colour, facts) on public.benches to authenticated;')
  expect(first).toContain('create type public.mood as enum (\'calm\', \'cross\');')
  expect(first).toContain('grant execute on function public.only_for_service() to service_role;')
  expect(first).not.toContain('grant execute on function public.only_for_service() to anon')
  expect(first).not.toMatch(/is NULL;|\(\);$|supabase_auth_admin/m)
})
