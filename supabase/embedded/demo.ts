import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Sql } from './database.ts'
import type { Keys } from './keys.ts'

/** What supabase/demo/seed.ts exports: fills an empty station with the demo. */
export type SeedDemo = (tools: { sql: Sql, url: string, secretKey: string, masterKeys: string, blobFolder: string }) => Promise<void>

const SEED = path.resolve(import.meta.dirname, '../demo/seed.ts')
const RECORD = 'supabase/demo/seed.ts'

const seedModuleSchema = z.object({ seedDemo: z.custom<SeedDemo>(value => typeof value === 'function', 'supabase/demo/seed.ts must export seedDemo') })

/** Marks the database as demo or real, where the migrations have made the place for it. */
export async function markDemo(sql: Sql, demo: boolean): Promise<void> {
  const [place] = await sql<{ name: string | null }[]>`select to_regclass('private.settings')::text as name`
  if (!place?.name) return
  if (demo) await sql`insert into private.settings (key, value) values ('demo', 'true') on conflict (key) do update set value = excluded.value`
  else await sql`delete from private.settings where key = 'demo'`
}

/** Runs the demo seed once in the life of a demo's data folder. Its files go where scripts/serve/supervise.ts has the portal look for them. */
export async function seedDemoOnce(sql: Sql, keys: Keys, dataFolder: string): Promise<boolean> {
  if (!keys.demo || !keys.masterKeys || !existsSync(SEED)) return false
  const known = await sql`select 1 from supabase_migrations.seed_files where path = ${RECORD}`
  if (known.length > 0) return false
  const imported: unknown = await import(pathToFileURL(SEED).href)
  const { seedDemo } = seedModuleSchema.parse(imported)
  await seedDemo({ sql, url: keys.url, secretKey: keys.secretKey, masterKeys: keys.masterKeys, blobFolder: path.join(dataFolder, 'blobs') })
  await sql`insert into supabase_migrations.seed_files (path, hash) values (${RECORD}, 'once')`
  return true
}
