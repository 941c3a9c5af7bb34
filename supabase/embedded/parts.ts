import { App } from '@supabase/lite'
import { createPostgresConnection } from '@supabase/lite/postgres'
import { type ApiRequest, type ApiResponse, authError } from './api-message.ts'
import { type AuthAttempts, CODE_LIFE_SECONDS, createAuthFront } from './auth-front.ts'
import { createAdminApi } from './auth-users.ts'
import type { Caller } from './caller.ts'
import { createDirectRpc } from './direct-rpc.ts'
import { connectionTypes, hardenConnection } from './harden-connection.ts'
import type { Keys } from './keys.ts'
import type { Logins } from './logins.ts'
import { watchConnections } from './lost-connection.ts'
import { type MailSender, letterTemplates } from './mail.ts'
import { withoutPersonalOutput } from './quiet-console.ts'

export type PartsOptions = {
  logins: Logins
  keys: Pick<Keys, 'publishableKey' | 'secretKey' | 'jwtSecret'>
  siteUrl: string
  /** 0 for `rpc`: every call goes through the library. */
  connections: { library: number, rpc: number }
  answerStepMs: number
  mail: MailSender
  attempts: AuthAttempts
  /** Runs password hashing one after the other, whatever parts it belongs to. */
  hashing: <T>(work: () => Promise<T>) => Promise<T>
}

/** What holds connections to PostgreSQL: direct rpc path, admin API, hardened lite. They are used until the first connection breaks, and never after. */
export type Parts = {
  sql: ReturnType<typeof createPostgresConnection>['driver']
  answer: (request: ApiRequest, caller: Caller) => Promise<ApiResponse>
  /** When a connection broke. Calls under way may then never end. */
  lost: Promise<undefined>
  isLost: () => boolean
  reload: () => Promise<void>
  /** @param waitSeconds for calls under way */
  close: (waitSeconds: number) => Promise<void>
}

/** bcrypt works in JavaScript, a tenth of a second at a time. */
const HASHING = new Set(['/auth/v1/token', '/auth/v1/signup', '/auth/v1/user'])

export async function openParts({ logins, keys, siteUrl, connections, answerStepMs, mail, attempts, hashing }: PartsOptions): Promise<Parts> {
  let isLost = false
  const { promise: lost, resolve } = Promise.withResolvers<undefined>()
  const onLost = () => {
    isLost = true
    resolve(undefined)
  }
  const connection = createPostgresConnection({ url: logins.library, postgresOptions: { max: connections.library, onnotice() {}, ...watchConnections(onLost), types: connectionTypes } })
  hardenConnection(connection)
  const sql = connection.driver
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
  const broken = lost.then(() => Promise.reject(new Error('the database went away')))
  broken.catch(() => undefined)
  // The turn ends with the work, or with what it works on: the wait for an even time, which hides how long it took, is nobody else's.
  const authLibrary = (request: ApiRequest) => request.method !== 'GET' && HASHING.has(request.path) ? hashing(() => Promise.race([library(request), broken])) : library(request)
  const auth = createAuthFront({ library: authLibrary, sql, jwtSecret: keys.jwtSecret, mail: mail.driver, siteUrl, answerStepMs, attempts })
  const admin = createAdminApi(sql)
  const rpc = connections.rpc > 0 ? createDirectRpc({ url: logins.rpc, connections: connections.rpc, onLost }) : undefined

  return {
    sql, lost, isLost: () => isLost,
    async answer(request, caller) {
      if (request.path.startsWith('/rest/v1/')) return await rpc?.answer(request, caller) ?? await library(request)
      if (!request.path.startsWith('/auth/v1/admin/')) return await auth(request, clientOf(request, caller))
      return caller.role === 'service_role' ? await admin(request) : authError(403, 'not_admin', 'User not allowed')
    },
    async reload() {
      rpc?.reload()
      await connection.clearSchemaCache()
    },
    async close(waitSeconds) {
      // Without a limit it waits for ever for a database that is away.
      await Promise.all([rpc?.close(waitSeconds), sql.end({ timeout: waitSeconds })])
      await connection.close()
    },
  }
}

/** For whom the portal calls: believed with the secret key only, as Supabase Auth does. @see https://supabase.com/docs/guides/auth/rate-limits */
function clientOf({ headers }: ApiRequest, { role }: Caller): string | undefined {
  const [first = ''] = (headers['sb-forwarded-for'] ?? '').split(',')
  return role === 'service_role' && first.trim() !== '' ? first.trim().slice(0, 64) : undefined
}
