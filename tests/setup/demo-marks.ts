import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { demoAccounts, demoPassword } from '#shared/accounts/demo-accounts'
import { demoCommunities } from '../../supabase/demo/geometry.ts'
import { demoStories } from '../../supabase/demo/seed.ts'

/** Words that only the demo has: accounts, password, places, people, its known report, what its stories say. */
export const demoMarks: string[] = [
  ...demoAccounts.map(({ email }) => email), '@demo.linli', demoPassword, 'DEM0', 'qing-he', '清河派出所', 'Qinghe Police',
  ...demoCommunities.flatMap(({ slug, name, grids }) => [slug, name.zh, name.en, ...grids.map(({ code }) => code)]),
  '顾正平', '沈岚', '陈志远', '王晓燕', '郑立', '许文', '何嘉', '0000-555',
  ...demoStories.flatMap(({ description, known, steps = [] }) => [description, known?.reference, known?.receipt, ...steps.map(([, , words]) => words?.startsWith('@') ? undefined : words)]).filter(words => words !== undefined),
].filter(mark => mark.length > 3)

/** The demo's badge numbers, standing alone: sealed texts and hashes hold any four digits sooner or later. */
const badge = /(?<![\w+/-])0881\d\d(?![\w+/-])/g

export const marksIn = (text: string): string[] => [...demoMarks.filter(mark => text.includes(mark)), ...badgesIn(text)]

export const badgesIn = (text: string): string[] => text.match(badge) ?? []

/** Every file below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    // A file of the database may go while we look.
    const found = statSync(path, { throwIfNoEntry: false })
    return found?.isDirectory() ? filesBelow(path) : found?.isFile() ? [path] : []
  })
}

/** The embedded database of a running station, as superuser, whatever port it took. */
export function openDatabaseOf(dataDir: string) {
  const pointer = join(dataDir, 'postgres-elsewhere')
  const cluster = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(dataDir, 'postgres')
  const port = readFileSync(join(cluster, 'data/postmaster.pid'), 'utf8').split('\n')[3]
  const password = readFileSync(join(cluster, 'superuser.password'), 'utf8')
  return { sql: postgres(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, { max: 1, onnotice() {} }), cluster, password }
}

/** Each table of the station's own schemas with its rows as text. */
export async function everyRow(sql: postgres.Sql): Promise<Map<string, string[]>> {
  const tables = await sql<{ schema: string, name: string }[]>`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname in ('public', 'private', 'auth', 'supabase_migrations', 'storage') order by 1, 2`
  const rows = new Map<string, string[]>()
  for (const { schema, name } of tables) {
    const found = await sql<{ row: string }[]>`select t::text as row from ${sql(schema)}.${sql(name)} t`
    if (found.length) rows.set(`${schema}.${name}`, found.map(({ row }) => row))
  }
  return rows
}
