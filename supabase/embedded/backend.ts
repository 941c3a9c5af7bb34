import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { type ApiRequest, type ApiResponse, authError, restError } from './api-message.ts'
import { countAuthAttempts } from './auth-front.ts'
import { createCallerFinder } from './caller.ts'
import type { Keys } from './keys.ts'
import type { Logins } from './logins.ts'
import { watchConnections } from './lost-connection.ts'
import { createMailSender } from './mail.ts'
import { type Parts, openParts } from './parts.ts'

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
/** Passwords hashed at once: with more the API falls silent for everybody. */
const HASHING_AT_ONCE = 2
/** Between two looks whether a database that went away is back: a visitor is to be served again within two seconds. */
const LOOK_AGAIN_MS = 100
const LOOK_AT_MOST_MS = 2000
/** A server that crashes says so before it hangs up. */
const SHOWS_MS = 20
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'])

export type Backend = {
  handle: (request: ApiRequest) => Promise<ApiResponse>
  /** After a change of the schema. */
  reload: () => Promise<void>
  close: () => Promise<void>
}

/** Puts the pieces of the embedded API together: gate, and behind it the parts that hold connections, new ones whenever the database was away. */
export async function createBackend({ logins, keys, siteUrl, hookUrl, log, connections = { library: 10, rpc: 10 }, answerStepMs = 1000 }: BackendOptions): Promise<Backend> {
  const mail = createMailSender({
    hookUrl,
    secret: keys.sendEmailHookSecret,
    siteUrl,
    log,
    async findUser(email) {
      if (!parts) return undefined
      return (await parts.sql<{ id: string, user_metadata: unknown }[]>`select id, raw_user_meta_data as user_metadata from auth.users where email = lower(${email})`)[0]
    },
  })
  const open = { logins, keys, siteUrl, connections, answerStepMs, mail, attempts: countAuthAttempts(), hashing: inTurn(HASHING_AT_ONCE) }
  const findCaller = createCallerFinder(keys)
  let isClosing = false
  let parts: Parts | undefined = await openParts(open)
  let keeping = keep(parts)

  /** Until they break: then they are thrown away, and new ones taken as soon as the database answers. */
  async function keep(used: Parts): Promise<void> {
    await used.lost
    parts = undefined
    await used.close(0)
    while (!isClosing) {
      const fresh = await isThere(logins.library) ? await openParts(open).catch(() => undefined) : undefined
      if (fresh) {
        parts = fresh
        keeping = keep(fresh)
        return
      }
      await sleep(LOOK_AGAIN_MS)
    }
  }

  async function handle(request: ApiRequest): Promise<ApiResponse> {
    const isRest = request.path.startsWith('/rest/v1/')
    if (!isRest && !request.path.startsWith('/auth/v1/')) return restError(404, 'PGRST125', 'Invalid path specified in request URL')
    if (isRest && nestingOf(request.search) > NESTING) return restError(400, 'PGRST100', 'failed to parse the query', `It is nested more than ${NESTING} deep`)
    if (isRest && new URLSearchParams(request.search).getAll('select').some(select => nestingOf(select) > EMBEDDING)) return restError(400, 'PGRST100', 'failed to parse the query', `It embeds more than ${EMBEDDING} deep`)
    if (!METHODS.has(request.method)) return restError(405, 'PGRST117', 'Unsupported HTTP method')
    const caller = await findCaller(request)
    if ('status' in caller) return caller
    const away = () => isRest ? restError(503, 'PGRST001', 'Database client error. Retrying the connection.') : authError(503, 'unexpected_failure', 'The database cannot be reached')
    const used = parts
    if (!used) return away()
    try {
      const answer = await Promise.race([used.answer(request, caller), used.lost])
      // The library turns a connection that broke into a failure of its own, or into a table that is not there.
      if (answer && [404, 500].includes(answer.status)) await sleep(SHOWS_MS)
      return !answer || (used.isLost() && [404, 500].includes(answer.status)) ? away() : answer
    }
    catch (error) {
      if (used.isLost() || isConnectionError(error)) return away()
      log(`${request.method} ${isRest ? '/rest' : '/auth'} failed${error instanceof Error ? ` (${'code' in error ? String(error.code) : error.name})` : ''}`)
      return isRest ? restError(500, 'XX000', 'The embedded backend failed') : authError(500, 'unexpected_failure', 'The embedded backend failed')
    }
  }

  return {
    handle,
    reload: async () => parts?.reload(),
    async close() {
      isClosing = true
      await mail.settle()
      const used = parts
      if (used) return used.close(3)
      await keeping
      await parts?.close(0)
    },
  }
}

/** Asked over a connection of its own. */
async function isThere(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, onnotice() {}, ...watchConnections(() => undefined) })
  const answered = await Promise.race([sql`select 1`.then(() => true, () => false), sleep(LOOK_AT_MOST_MS, false)])
  void sql.end({ timeout: 0 })
  return answered
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

/** Postgres is starting, stopping or gone. */
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
