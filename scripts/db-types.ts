// `npm run db:types`: what the migrations make of the database, as TypeScript types and as SQL text. `--check` only compares.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { openSuperuser } from '../supabase/embedded/database.ts'
import { migrate } from '../supabase/embedded/migrate.ts'
import { startPostgres } from '../supabase/embedded/postgres.ts'
import { printSchema } from '../supabase/embedded/print-schema.ts'
import { StartError } from '../supabase/embedded/start-error.ts'

const root = path.resolve(import.meta.dirname, '..')
const run = promisify(execFile)
const header = '// The database as supabase-js sees it, made by `npm run db:types` from supabase/migrations. Do not edit.\n'

try {
  const fresh = await generate()
  if (process.argv.includes('--check')) await check(fresh)
  else await write(fresh)
}
catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function generate(): Promise<Record<string, string>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'linli-types-'))
  try {
    const server = await startPostgres({ folder, durable: false })
    const sql = openSuperuser(server.url)
    try {
      await migrate(sql, server.url)
      return { 'server/db/database.types.ts': header + await typesOf(server.url), 'supabase/schema.sql': await printSchema(sql) }
    }
    finally {
      await sql.end()
      await server.stop()
    }
  }
  finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function typesOf(url: string): Promise<string> {
  const { stdout } = await run(path.join(root, 'node_modules/.bin/supabase'), ['gen', 'types', '--lang', 'typescript', '--db-url', `${url}?sslmode=disable`, '-s', 'public'], {
    // Its telemetry and its look for a newer version would leave the machine.
    env: { ...process.env, SUPABASE_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', CI: '1' },
    cwd: os.tmpdir(),
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  })
  if (!stdout.includes('export type Database')) throw new Error('supabase gen types gave no types')
  return stdout
}

async function check(fresh: Record<string, string>) {
  for (const [file, text] of Object.entries(fresh)) {
    const kept = await readFile(path.join(root, file), 'utf8').catch(() => '')
    if (kept === text) continue
    process.stderr.write(`${file} is older than supabase/migrations: run npm run db:types\n`)
    process.exitCode = 1
  }
}

async function write(fresh: Record<string, string>) {
  for (const [file, text] of Object.entries(fresh)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), text)
    process.stdout.write(`${file}\n`)
  }
}
