import { createHash } from 'node:crypto'
import type postgres from 'postgres'
import { z } from 'zod'

/** All that a station has in its database lies here; roles, functions and constraints come from the migrations. */
const schemas = ['public', 'private', 'auth', 'supabase_migrations']

/** What the first part of a backup says. */
export const contentsSchema = z.object({
  migrations: z.array(z.object({ version: z.string(), name: z.string(), sha256: z.string() })),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  sequences: z.array(z.object({ name: z.string(), value: z.string() })),
  isDemo: z.boolean(),
})
export type Contents = z.infer<typeof contentsSchema>

/** What there is to copy, as one snapshot sees it. Unlogged tables are left out: their counts end with a crash, too. */
export async function readContents(sql: postgres.Sql | postgres.TransactionSql): Promise<Contents> {
  const tables = await sql<Contents['tables']>`
    select format('%I.%I', n.nspname, c.relname) as name, array_agg(quote_ident(a.attname) order by a.attnum) as columns
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where n.nspname = any(${schemas}) and c.relkind = 'r' and c.relpersistence = 'p'
    group by 1 order by 1`
  const sequences = await sql<Contents['sequences']>`
    select format('%I.%I', schemaname, sequencename) as name, last_value::text as value
    from pg_catalog.pg_sequences where schemaname = any(${schemas}) and last_value is not null order by 1`
  const migrations = await sql<{ version: string, name: string, statements: string[] | null }[]>`select version, name, statements from supabase_migrations.schema_migrations order by version`
  const [demo] = await sql<{ demo: boolean }[]>`select private.is_demo() as demo`
  return {
    tables: tables.map(({ name, columns }) => ({ name, columns })), sequences: sequences.map(({ name, value }) => ({ name, value })), isDemo: demo?.demo ?? false,
    migrations: migrations.map(({ version, name, statements }) => ({ version, name, sha256: createHash('sha256').update(JSON.stringify(statements)).digest('hex') })),
  }
}

/** Every table of ours, for emptying a schema that was just made: some migrations fill theirs. */
export async function allTables(sql: postgres.TransactionSql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${schemas}) and c.relkind = 'r'`
  return rows.map(({ name }) => name)
}
