import postgres from 'postgres'
import { z } from 'zod'
import { type ApiRequest, type ApiResponse, parseJson } from './api-message.ts'
import { type Caller, serverCaller } from './caller.ts'
import { watchConnections } from './lost-connection.ts'
import { toRestError } from './postgrest-errors.ts'
import { type RpcFunction, readCatalogue, readTimeouts, resolveFunction } from './rpc-catalogue.ts'

export type DirectRpc = {
  /** Undefined: not for this path, the library answers. */
  answer: (request: ApiRequest, caller: Caller) => Promise<ApiResponse | undefined>
  reload: () => void
  close: (waitSeconds: number) => Promise<void>
}

/** lite and Supabase cut an answer at this many rows (`max_rows`). */
const MAX_ROWS = 1000
/** The portal asks it when it doubts that the database is there: it waits behind nobody. */
const PROBE = 'get_schema_version'
/** Argument names of a function may be given in many combinations; each is a prepared statement. */
const REMEMBERED_STATEMENTS = 500
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' }
const bodySchema = z.record(z.string(), z.unknown())

/**
 * Answers `POST /rest/v1/rpc/<name>` in one round trip: begin, role and claims, the call, commit, sent together on one
 * connection. The library needs about twelve round trips for the same. Results are made by Postgres as PostgREST does it.
 * The portal's own calls, with the secret key, go over connections that are service_role from their start: one message,
 * which is a transaction by itself.
 * @see https://docs.postgrest.org/en/stable/references/transactions.html
 */
export function createDirectRpc({ url, connections, onLost, maxRows = MAX_ROWS }: { url: string, connections: number, onLost: () => void, maxRows?: number }): DirectRpc {
  const createPool = (size: number, settings?: Record<string, string>) => openPool({ url, size, onLost, settings })
  const pool = createPool(connections)
  const asServer = { 'role': serverCaller.role, 'request.jwt.claims': serverCaller.claims, 'request.jwt.claim.role': serverCaller.role }
  const serverPool = createPool(connections, asServer)
  const probePool = createPool(1, asServer)
  const statements = new Map<string, string>()
  let catalogue: Promise<{ functions: Map<string, RpcFunction[]>, timeouts: Map<string, string> }> | undefined

  async function known() {
    catalogue ??= pool.use(async sql => ({ functions: await readCatalogue(sql), timeouts: await readTimeouts(sql) }))
    try {
      return await catalogue
    }
    catch (error) {
      catalogue = undefined
      throw error
    }
  }

  function statementFor(target: RpcFunction, given: readonly string[], takesWholeBody: boolean, isAlone: boolean): string {
    const key = `${isAlone ? '!' : ''}${target.name}(${target.types.join()})${takesWholeBody ? '*' : [...given].sort().join()}`
    const known = statements.get(key)
    if (known) return known
    if (statements.size >= REMEMBERED_STATEMENTS) statements.clear()
    const statement = writeStatement(target, given, takesWholeBody, maxRows, isAlone)
    statements.set(key, statement)
    return statement
  }

  return {
    async answer(request, caller) {
      const name = functionName(request)
      if (name === undefined) return undefined
      const parsed = bodySchema.safeParse(parseJson(request.body))
      if (!parsed.success) return undefined
      const given = Object.keys(parsed.data)
      const { functions, timeouts } = await known()
      const resolved = resolveFunction(functions.get(name) ?? [], new Set(given))
      if (!resolved) return undefined
      const { target, takesWholeBody } = resolved
      try {
        const isAlone = caller === serverCaller && target.shape === 'scalar'
        const statement = statementFor(target, given, takesWholeBody, isAlone)
        const body = given.length > 0 || takesWholeBody ? [request.body] : []
        const row = isAlone ? await (name === PROBE ? probePool : serverPool).use(sql => callAlone(sql, request, statement, body)) : await pool.use(sql => call(sql, request, caller, timeouts.get(caller.role) ?? null, statement, body))
        return toAnswer(target, row)
      }
      catch (error) {
        if (!(error instanceof postgres.PostgresError)) throw error
        return toRestError(error, caller.role === 'anon') ?? undefined
      }
    },
    reload() {
      catalogue = undefined
      statements.clear()
    },
    async close(waitSeconds) {
      await Promise.all([pool, serverPool, probePool].map(each => each.close(waitSeconds)))
    },
  }
}

/** Only what is understood to the letter: everything else, errors of the request included, is the library's. */
function functionName({ method, path, search, headers }: ApiRequest): string | undefined {
  if (method !== 'POST' || search !== '' || headers.prefer !== undefined || headers.range !== undefined) return undefined
  const name = /^\/rest\/v1\/rpc\/([a-z_][a-z0-9_]*)$/.exec(path)?.[1]
  if (!name || !/^application\/json(;\s*charset=utf-8)?$/i.test(headers['content-type'] ?? '')) return undefined
  if (!['*/*', 'application/json'].includes(headers.accept ?? '*/*')) return undefined
  if ((headers['content-profile'] ?? 'public') !== 'public' || (headers['accept-profile'] ?? 'public') !== 'public') return undefined
  return name
}

type ResultRow = { body: string | null, count?: number }

/** Four messages, one round trip. When a step fails the transaction is aborted: what follows it does nothing. */
async function call(sql: postgres.Sql, request: ApiRequest, caller: Caller, timeout: string | null, statement: string, body: string[]): Promise<ResultRow | undefined> {
  const [, , result, commit] = await Promise.allSettled([
    sql.unsafe('begin'),
    sql.unsafe(SETTINGS, [caller.role, caller.claims, caller.sub, ...requestFacts(request), timeout], { prepare: true }),
    sql.unsafe<ResultRow[]>(statement, body, { prepare: true }),
    sql.unsafe('commit'),
  ]).then((steps) => {
    // The first failure is the reason of all later ones.
    const failed = steps.find(step => step.status === 'rejected')
    if (failed) throw failed.reason
    return steps
  })
  return result?.status === 'fulfilled' && commit?.status === 'fulfilled' ? result.value[0] : undefined
}

/** One message: role and claims are the connection's own, what the request says is set by the statement before it calls. */
async function callAlone(sql: postgres.Sql, request: ApiRequest, statement: string, body: string[]): Promise<ResultRow | undefined> {
  const [row] = await sql.unsafe<ResultRow[]>(statement, [...requestFacts(request), ...body], { prepare: true })
  return row
}

function requestFacts({ path, headers }: ApiRequest): [path: string, headers: string] {
  return [path.slice('/rest/v1'.length), JSON.stringify(headers)]
}

const SETTINGS = `select set_config('role', $1, true), set_config('request.jwt.claims', $2, true), set_config('request.jwt.claim.sub', $3, true),
  set_config('request.jwt.claim.role', $1, true), set_config('request.method', 'POST', true), set_config('request.path', $4, true), set_config('request.headers', $5, true),
  set_config('statement_timeout', coalesce($6::text, current_setting('statement_timeout')), true)`

const REQUEST = `select set_config('request.jwt.claim.sub', '', true), set_config('request.method', 'POST', true), set_config('request.path', $1, true), set_config('request.headers', $2, true)`

/** Arguments are taken out of the body by Postgres itself, so that every type is read as PostgREST reads it. */
function writeStatement(target: RpcFunction, given: readonly string[], takesWholeBody: boolean, maxRows: number, isAlone: boolean): string {
  const body = isAlone ? '$3::text' : '$1::text'
  const typed = target.names.map((name, place) => ({ name, type: target.types[place] ?? 'text' })).filter(({ name }) => given.includes(name))
  const source = takesWholeBody || typed.length === 0 ? '' : `json_to_record(${body}::json) as a (${typed.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`
  const args = takesWholeBody ? `${body}::${target.types[0]}` : typed.map(({ name }) => `${quoted(name)} => a.${quoted(name)}`).join(', ')
  const invoked = `public.${quoted(target.name)}(${args})`
  // The row of a materialised query is there before the call, which stands among the results, is made.
  if (isAlone) return `with request as materialized (${REQUEST}) select to_json(${invoked})::text as body from request${source ? `, ${source}` : ''}`
  const from = source ? ` from ${source}` : ''
  const lateral = source ? `${source}, lateral ` : ''
  switch (target.shape) {
    case 'void': return `select null as body from (select ${invoked}${from}) as x`
    case 'scalar': return `select to_json(${invoked})::text as body${from}`
    case 'row': return `select row_to_json(x)::text as body from ${lateral}(select * from ${invoked}) as x`
    case 'scalars': return `select coalesce(json_agg(x.r), '[]')::text as body, count(*)::int as count from ${lateral}(select r from ${invoked} as f (r) limit ${maxRows}) as x`
    case 'rows': return `select coalesce(json_agg(x), '[]')::text as body, count(*)::int as count from ${lateral}(select * from ${invoked} limit ${maxRows}) as x`
  }
}

function toAnswer({ shape }: RpcFunction, row: ResultRow | undefined): ApiResponse {
  if (shape === 'void') return { status: 204, headers: { 'content-range': '0-0/*' }, body: '' }
  const count = row?.count ?? 1
  return { status: 200, headers: { ...JSON_HEADERS, 'content-range': count > 0 ? `0-${count - 1}/*` : '*/*' }, body: row?.body ?? 'null' }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A connection at a time for each call: postgres.js pipelines on a client of its own, and only there. */
function openPool({ url, size, onLost, settings }: { url: string, size: number, onLost: () => void, settings: Record<string, string> | undefined }) {
  const clients = Array.from({ length: size }, () => postgres(url, { max: 1, onnotice() {}, ...watchConnections(onLost), connection: { application_name: 'linli-rpc', TimeZone: 'UTC', ...settings } }))
  const free = [...clients]
  const waiting: ((client: postgres.Sql) => void)[] = []
  return {
    async use<T>(work: (client: postgres.Sql) => Promise<T>): Promise<T> {
      const client = free.pop() ?? await new Promise<postgres.Sql>(resolve => waiting.push(resolve))
      try {
        return await work(client)
      }
      finally {
        const next = waiting.shift()
        if (next) next(client)
        else free.push(client)
      }
    },
    async close(waitSeconds: number) {
      await Promise.all(clients.map(client => client.end({ timeout: waitSeconds })))
    },
  }
}
