import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { AppError, errorCodes, type ErrorCode } from '#shared/errors'
import type { Database } from './database.types.ts'
import { watchedFetch } from './watched-fetch.ts'

/** Never reaches a browser: a test searches the public build for this text. It is thrown below, or a bundler would leave it out. */
export const canary = 'linli-canary-server-only-5d1f0c2a'

export type Client = SupabaseClient<Database>
type Functions = Database['public']['Functions']

export interface SupabaseSettings { url: string, publishableKey: string, secretKey: string }

/** The two ways into the database: with the secret key for what only the server can make, or as a signed-in person (RULES A2). */
export interface Clients {
  server: Client
  as: (accessToken: string) => Client
  /** For Supabase Auth calls of people who are not signed in yet. */
  guest: () => Client
}

/** A client that keeps no session of its own. Nothing is tried again behind our back: a retry would outlast the visitor's two seconds. */
export const stateless = (settings: SupabaseSettings) => ({
  auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false }, db: { retry: false }, global: { fetch: watchedFetch(settings) },
}) as const

/** Makes the clients once per process. No call here waits for the network. */
export function createClients(settings: SupabaseSettings): Clients {
  if ('document' in globalThis) throw new Error(`server code in a browser: ${canary}`)
  const { url, publishableKey, secretKey } = settings
  const options = stateless(settings)
  return {
    server: createClient<Database>(url, secretKey, options),
    as: accessToken => createClient<Database>(url, publishableKey, { ...options, accessToken: async () => accessToken }),
    guest: () => createClient<Database>(url, publishableKey, options),
  }
}

const refusal = z.object({ ok: z.literal(false), code: z.string(), retry_after: z.number().optional() })

/**
 * Calls a function of the database and parses its answer.
 * @throws AppError with the code that the function returned, or `session_ended`, `forbidden`, `unavailable`
 */
export async function call<Name extends keyof Functions & string, Answer>(client: Client, name: Name, args: Functions[Name]['Args'], answer: z.ZodType<Answer>): Promise<Answer> {
  const { data, error, status } = await client.rpc(name, args as never)
  if (error) throw toAppError(error, status, name)
  const refused = refusal.safeParse(data)
  if (refused.success) throw new AppError(knownCode(refused.data.code), refused.data.retry_after ? { seconds: refused.data.retry_after } : {})
  return answer.parse(data)
}

/** Errors that functions raise carry our code in `details` and the HTTP status in `PTnnn`. */
function toAppError(error: { code?: string, message: string, details?: string | null }, status: number, name: string) {
  const cause = new Error(`${name}: ${error.code ?? status} ${error.message}`)
  const code = error.details && error.details in errorCodes ? error.details as ErrorCode : undefined
  if (code) return new AppError(code, {}, { cause })
  if (error.code === 'PGRST301' || error.code === 'PGRST303') return new AppError('session_ended', {}, { cause })
  if (error.code === '42501') return new AppError('forbidden', {}, { cause })
  if (status === 0 || status >= 502 || /fetch failed|ECONN/.test(error.message)) return new AppError('unavailable', {}, { cause })
  return new AppError('internal', {}, { cause })
}

function knownCode(code: string): ErrorCode {
  if (code in errorCodes) return code as ErrorCode
  throw new Error(`the database refused with a code that is not in shared/errors.ts: ${code}`)
}
