import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type SupabaseClient, createClient } from '@supabase/supabase-js'
import { createBackend } from './backend.ts'
import { readTestConfig } from './config.ts'
import { type Sql, openSuperuser, urlAs } from './database.ts'
import { freePort } from './free-port.ts'
import { serveHttp } from './http-server.ts'
import { type Keys, makeKeys } from './keys.ts'
import { type Logins, giveLogins } from './logins.ts'
import { type MigrationFolders, bringUpToDate, makeSurroundings, migrate } from './migrate.ts'
import { type Postgres, startPostgres } from './postgres.ts'

export type Persona = { id: string, email: string, password: string }

/** What another process needs to use a backend that is running: plain data, so that it can be handed on. */
export type BackendAddress = {
  url: string
  publishableKey: string
  secretKey: string
  /** False when a foreign Supabase was named by SUPABASE_URL. */
  isEmbedded: boolean
  /** Of the superuser; missing when a foreign Supabase gave no SUPABASE_DB_URL. */
  databaseUrl?: string
}

export type TestBackend = {
  url: string
  publishableKey: string
  secretKey: string
  /** False when a foreign Supabase was named by SUPABASE_URL. */
  isEmbedded: boolean
  /** What a test of the embedded backend itself needs; undefined with a foreign Supabase. */
  embedded?: { keys: Keys, logins: Logins, databaseUrl: string, postgresPid: number }
  /** For `connectTestBackend` in another process. */
  address: BackendAddress
  /** Makes a confirmed user; the name becomes the address. */
  createUser: (name: string, metadata?: Record<string, unknown>) => Promise<Persona>
  /** A client with the publishable key and this user's own session. */
  signInAs: (persona: Persona) => Promise<SupabaseClient>
  /** A client with the publishable key and no session. */
  guestClient: () => SupabaseClient
  /** A client with the secret key. */
  serviceClient: () => SupabaseClient
  /** Superuser, to arrange what no API can make. Missing when a foreign Supabase gave no SUPABASE_DB_URL. */
  sql: Sql
  /** After a change of the schema through `sql`. */
  reload: () => Promise<void>
  stop: () => Promise<void>
}

export type TestBackendOptions = {
  folders?: MigrationFolders
  /** Gets the mails; by default nobody does. */
  hookUrl?: string
  log?: (message: string) => void
  /** As in production only where a test measures it. */
  answerStepMs?: number
  /** Programs of a PostgreSQL on which everything is as on hosted Supabase: nobody of ours is superuser, migrations run as `postgres`. */
  hostedOn?: string
}

const PASSWORD = 'linli-test-password'

/**
 * A Supabase of one's own for a test file: a throw-away cluster with all migrations and the API on free ports. With
 * SUPABASE_URL and its two keys set (npm run test:contract) that Supabase is used as it is.
 */
export async function startTestBackend(options: TestBackendOptions = {}): Promise<TestBackend> {
  const foreign = readTestConfig()
  if (foreign) return connectTestBackend({ ...foreign, isEmbedded: false })
  const folder = await mkdtemp(path.join(os.tmpdir(), 'linli-test-'))
  const started: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const undo of started.splice(0).reverse()) await undo()
  }
  try {
    return { ...await assemble(folder, options, undo => started.push(undo)), stop }
  }
  catch (error) {
    await stop()
    throw error
  }
}

async function assemble(folder: string, options: TestBackendOptions, onStop: (undo: () => Promise<unknown>) => void): Promise<Omit<TestBackend, 'stop'>> {
  const server = await startPostgres({ folder, durable: false, ...options.hostedOn !== undefined && { binaries: options.hostedOn, superuser: 'supabase_admin' } })
  onStop(server.stop)
  watchOver(server, folder)
  const admin = openSuperuser(server.url, options.hostedOn === undefined ? 4 : 1)
  onStop(() => admin.end())
  const ownerUrl = options.hostedOn === undefined ? server.url : await makeHosted(admin, server.url)
  const sql = options.hostedOn === undefined ? admin : openSuperuser(ownerUrl, 4)
  if (sql !== admin) onStop(() => sql.end())
  await (sql === admin ? migrate(sql, server.url, options.folders) : bringUpToDate(sql, options.folders))
  const keys = await makeKeys({ url: 'http://127.0.0.1', demo: false })
  const logins = await giveLogins(admin, server.url)
  const backend = await createBackend({
    logins,
    keys,
    siteUrl: 'http://localhost:3000',
    hookUrl: options.hookUrl ?? `http://127.0.0.1:${await freePort()}/`,
    log: options.log ?? (() => {}),
    connections: { library: 4, rpc: 4 },
    answerStepMs: options.answerStepMs ?? 0,
  })
  onStop(backend.close)
  const api = await serveHttp({ port: 0, handle: backend.handle })
  onStop(api.stop)
  return {
    ...clients(api.url, keys),
    isEmbedded: true,
    embedded: { keys, logins, databaseUrl: ownerUrl, postgresPid: server.pid },
    address: { url: api.url, publishableKey: keys.publishableKey, secretKey: keys.secretKey, isEmbedded: true, databaseUrl: ownerUrl },
    sql,
    createUser: (name, metadata = {}) => insertUser(sql, name, metadata),
    reload: backend.reload,
  }
}

/** Roles, owners and rights as a project of hosted Supabase has them before its first migration. @returns the address of `postgres`, who is no superuser there */
async function makeHosted(admin: Sql, url: string): Promise<string> {
  const password = randomUUID()
  await admin.unsafe(`create role postgres login createdb createrole replication bypassrls password '${password}'`)
  await makeSurroundings(admin, url)
  await admin.unsafe(await readFile(path.join(import.meta.dirname, 'hosted.sql'), 'utf8')).simple()
  return urlAs(url, 'postgres', password)
}

/** A test run that is killed leaves nothing behind: the watcher's input closes with us, whatever ended us. */
function watchOver(server: Postgres, folder: string): void {
  const watcher = spawn('/bin/sh', ['-c', 'read _; kill -QUIT "$0"; sleep 1; rm -rf "$1"', String(server.pid), folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  void server.exited.then(() => watcher.kill('SIGKILL'))
  watcher.unref()
}

function clients(url: string, { publishableKey, secretKey }: Pick<Keys, 'publishableKey' | 'secretKey'>) {
  const open = (key: string) => createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false } })
  return {
    url,
    publishableKey,
    secretKey,
    guestClient: () => open(publishableKey),
    serviceClient: () => open(secretKey),
    async signInAs(persona: Persona) {
      const client = open(publishableKey)
      const { error } = await client.auth.signInWithPassword({ email: persona.email, password: persona.password })
      if (error) throw error
      return client
    },
  }
}

/** Cheap bcrypt: a test file makes a dozen users. */
async function insertUser(sql: Sql, name: string, metadata: Record<string, unknown>): Promise<Persona> {
  const id = randomUUID()
  const email = addressOf(name, id)
  await sql`
    insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
    values (${id}, 'authenticated', 'authenticated', ${email}, extensions.crypt(${PASSWORD}, extensions.gen_salt('bf', 4)), now(),
      '{"provider":"email","providers":["email"]}', ${JSON.stringify(metadata)}::text::jsonb)`
  await sql`
    insert into auth.identities (id, provider, provider_id, user_id, identity_data)
    values (gen_random_uuid(), 'email', ${id}, ${id}, jsonb_build_object('sub', ${id}::text, 'email', ${email}::text, 'email_verified', true))`
  return { id, email, password: PASSWORD }
}

function addressOf(name: string, id: string) {
  return `${name}.${id.slice(0, 8)}@example.test`
}

/** Uses a backend that somebody else started: a foreign Supabase, or the one of the whole test run. */
export function connectTestBackend(address: BackendAddress): TestBackend {
  const own = clients(address.url, address)
  const sql = openSuperuser(address.databaseUrl ?? 'postgres://nobody@127.0.0.1:1/none', 2)
  return {
    ...own,
    isEmbedded: address.isEmbedded,
    address,
    sql,
    async createUser(name, metadata = {}) {
      if (address.isEmbedded) return insertUser(sql, name, metadata)
      const email = addressOf(name, randomUUID())
      const { data, error } = await own.serviceClient().auth.admin.createUser({ email, password: PASSWORD, email_confirm: true, user_metadata: metadata })
      if (error) throw error
      return { id: data.user.id, email, password: PASSWORD }
    },
    async reload() {
      if (address.databaseUrl) await sql`select pg_notify('pgrst', 'reload schema')`
    },
    async stop() {
      await sql.end()
    },
  }
}
