import { App } from '@supabase/lite'
import { createPostgresConnection } from '@supabase/lite/postgres'
import postgres from 'postgres'
import { type ApiRequest, type ApiResponse, authError, restError } from './api-message.ts'
import { CODE_LIFE_SECONDS, createAuthFront } from './auth-front.ts'
import { createAdminApi } from './auth-users.ts'
import { type Caller, createCallerFinder } from './caller.ts'
import { RECONNECT_SECONDS, createDirectRpc } from './direct-rpc.ts'
import { connectionTypes, hardenConnection } from './harden-connection.ts'
import type { Keys } from './keys.ts'
import type { Logins } from './logins.ts'
import { createMailSender, letterTemplates } from './mail.ts'
import { withoutPersonalOutput } from './quiet-console.ts'

export type BackendOptions = {
  logins: Logins
  keys: Pick<Keys, 'publishableKey' | 'secretKey' | 'jwtSecret' | 'sendEmailHookSecret'>
  /** Where residents find the portal; stands in mails. */
  siteUrl: string
  /** The portal's Send Email hook. */
  hookUrl: string
  log: (message: string) => void
  /** 0 for `rpc`: every call goes through the library. */
  connections?: { library: number, rpc: number }
  /** Answers of Auth that could tell a known address from an unknown one come at whole steps of this many milliseconds. */
  answerStepMs?: number
}

/** Deeper than any query of a person or of supabase-js. lite's parser works on fifteen hundred for two seconds, with nothing beside it, and then fails. */
const NESTING = 20
/** Tables within tables that one answer may hold. Two tables that know each other multiply at every level: eight were 37 MB, for a guest. */
const EMBEDDING = 3
/** bcrypt works in JavaScript, a tenth of a second at a time: two at once, or the API falls silent for everybody. */
const HASHING = new Set(['/auth/v1/token', '/auth/v1/signup', '/auth/v1/user'])
const HASHING_AT_ONCE = 2
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'])

export type Backend = {
  handle: (request: ApiRequest) => Promise<ApiResponse>
  /** After a change of the schema. */
  reload: () => Promise<void>
  close: () => Promise<void>
}

/** Puts the pieces of the embedded API together: gate, direct rpc path, admin API, hardened lite. */
export async function createBackend({ logins, keys, siteUrl, hookUrl, log, connections = { library: 10, rpc: 10 }, answerStepMs = 1000 }: BackendOptions): Promise<Backend> {
  const connection = createPostgresConnection({ url: logins.library, postgresOptions: { max: connections.library, onnotice() {}, backoff: () => RECONNECT_SECONDS, types: connectionTypes } })
  hardenConnection(connection)
  const sql = connection.driver
  const check = postgres(logins.library, { max: 1, onnotice() {}, backoff: () => RECONNECT_SECONDS })

  const mail = createMailSender({
    hookUrl,
    secret: keys.sendEmailHookSecret,
    siteUrl,
    log,
    async findUser(email) {
      return (await sql<{ id: string, user_metadata: unknown }[]>`select id, raw_user_meta_data as user_metadata from auth.users where email = lower(${email})`)[0]
    },
  })
  const app = new App({
    connection,
    auth: {
      enabled: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
      site_url: siteUrl,
      minimum_password_length: 12,
      enable_anonymous_sign_ins: false,
      email: { enable_confirmations: true, otp_length: 6, otp_expiry: CODE_LIFE_SECONDS, template: letterTemplates },
    },
    api: { enabled: true, schemas: ['public'], max_rows: 1000 },
    db: { migrations: { enabled: false } },
    studio: { enabled: false },
    options: { server: { disableStudio: true, admin: false }, drivers: { email: mail.driver } },
  })
  await app.init()

  const library = (request: ApiRequest) => withoutPersonalOutput(`${request.method} ${request.path.split('/').slice(0, 3).join('/')}`, async () => {
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD' && request.body !== ''
    const answer = await app.fetch(new Request(`http://127.0.0.1${request.path}${request.search}`, { method: request.method, headers: request.headers, ...hasBody ? { body: request.body } : {} }))
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !name.startsWith('access-control-')))
    return { status: answer.status, headers, body: await answer.text() }
  })
  const hashing = inTurn(HASHING_AT_ONCE)
  // The turn ends with the work: the wait for an even time, which hides how long it took, is nobody else's.
  const authLibrary = (request: ApiRequest) => request.method !== 'GET' && HASHING.has(request.path) ? hashing(() => library(request)) : library(request)
  const auth = createAuthFront({ library: authLibrary, sql, jwtSecret: keys.jwtSecret, mail: mail.driver, siteUrl, answerStepMs })
  const admin = createAdminApi(sql)
  const findCaller = createCallerFinder(keys)
  const rpc = connections.rpc > 0 ? createDirectRpc({ url: logins.rpc, connections: connections.rpc }) : undefined

  async function handle(request: ApiRequest): Promise<ApiResponse> {
    const isRest = request.path.startsWith('/rest/v1/')
    if (!isRest && !request.path.startsWith('/auth/v1/')) return restError(404, 'PGRST125', 'Invalid path specified in request URL')
    if (isRest && nestingOf(request.search) > NESTING) return restError(400, 'PGRST100', 'failed to parse the query', `It is nested more than ${NESTING} deep`)
    if (isRest && new URLSearchParams(request.search).getAll('select').some(select => nestingOf(select) > EMBEDDING)) return restError(400, 'PGRST100', 'failed to parse the query', `It embeds more than ${EMBEDDING} deep`)
    if (!METHODS.has(request.method)) return restError(405, 'PGRST117', 'Unsupported HTTP method')
    const caller = await findCaller(request)
    if ('status' in caller) return caller
    const away = () => isRest ? restError(503, 'PGRST001', 'Database client error. Retrying the connection.') : authError(503, 'unexpected_failure', 'The database cannot be reached')
    try {
      const answer = await answerOf(request, caller, isRest)
      // The library turns a connection that broke into a failure of its own, or into a table that is not there.
      return [404, 500].includes(answer.status) && !await isThere() ? away() : answer
    }
    catch (error) {
      if (isConnectionError(error) || !await isThere()) return away()
      log(`${request.method} ${isRest ? '/rest' : '/auth'} failed${error instanceof Error ? ` (${'code' in error ? String(error.code) : error.name})` : ''}`)
      return isRest ? restError(500, 'XX000', 'The embedded backend failed') : authError(500, 'unexpected_failure', 'The embedded backend failed')
    }
  }

  async function answerOf(request: ApiRequest, caller: Caller, isRest: boolean): Promise<ApiResponse> {
    if (isRest) return await rpc?.answer(request, caller) ?? await library(request)
    if (!request.path.startsWith('/auth/v1/admin/')) return await auth(request, clientOf(request, caller))
    return caller.role === 'service_role' ? await admin(request) : authError(403, 'not_admin', 'User not allowed')
  }

  /**
   * A question of its own connection: the pools may be full of calls that wait for the same database. Whoever hashes passwords keeps this
   * thread busy for a while: an answer that has come meanwhile is read before the silence counts.
   */
  const isThere = () => Promise.race([check`select 1`.then(() => true, () => false), new Promise<boolean>(resolve => setTimeout(() => setImmediate(resolve, false), 1000))])

  return {
    handle,
    async reload() {
      rpc?.reload()
      await connection.clearSchemaCache()
    },
    async close() {
      await mail.settle()
      await rpc?.close()
      await check.end({ timeout: 1 })
      // Without a limit it waits for ever for a database that is away.
      await sql.end({ timeout: 3 })
      await connection.close()
    },
  }
}

/** Lets so many works run at once; the others wait for their turn. */
function inTurn(atOnce: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) await new Promise<void>(resolve => waiting.push(resolve))
    else running++
    try {
      return await work()
    }
    finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

/** For whom the portal calls: believed with the secret key only, as Supabase Auth does. @see https://supabase.com/docs/guides/auth/rate-limits */
function clientOf({ headers }: ApiRequest, { role }: Caller): string | undefined {
  const [first = ''] = (headers['sb-forwarded-for'] ?? '').split(',')
  return role === 'service_role' && first.trim() !== '' ? first.trim().slice(0, 64) : undefined
}

/** Postgres is starting, stopping or gone: postgres.js connects again by itself. */
function isConnectionError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(CONNECT|ECONN|57P)/.test(String(error.code))
}

/** How deep the brackets of a query lie in each other, encoded ones included. */
function nestingOf(query: string): number {
  let depth = 0, deepest = 0
  for (const [bracket] of query.matchAll(/[()]|%2[89]/g)) {
    depth += bracket === '(' || bracket === '%28' ? 1 : -1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}
