import type { SupabaseSettings } from './clients.ts'
import { leanFetch } from './lean-fetch.ts'
import { watchReachability, type Reachability } from './reachability.ts'

/** What a proxy, the embedded backend or PostgREST says when Postgres cannot be reached. */
const awayStatuses = [502, 503, 504]
const known = new Map<string, Reachability>()

/** Whether this Supabase answers; one watch for all clients of a process. */
export function reachabilityOf({ url, secretKey }: SupabaseSettings): Reachability {
  let found = known.get(url)
  if (!found) known.set(url, found = watchReachability(() => askVersion(url, secretKey)))
  return found
}

/** `fetch` for supabase-js: refuses at once while the database is away. @throws AwayError */
export function watchedFetch(settings: SupabaseSettings): typeof fetch {
  const reachability = reachabilityOf(settings)
  return (input, init) => reachability.call(() => leanFetch(input, init), ({ status }) => !awayStatuses.includes(status))
}

/** The shortest call that reaches the tables. The embedded backend answers it over a connection of its own, past every queue. */
async function askVersion(url: string, secretKey: string) {
  const { status } = await leanFetch(`${url}/rest/v1/rpc/get_schema_version`, {
    method: 'POST', headers: { 'apikey': secretKey, 'content-type': 'application/json' }, body: '{}',
  })
  if (status >= 500) throw new Error(`the database answered ${status}`)
}
