import type { PostgresConnection } from '@supabase/lite/postgres'
import postgres from 'postgres'
import { statusOf } from './postgrest-errors.ts'

/** SQLSTATEs that lite answers as PostgREST does by itself; it also rewrites some of their messages. */
const ANSWERED_WELL = new Set(['42501', '42703', '42883', '23505', 'PGRST'])

/**
 * Repairs a connection of @supabase/lite before its first request. Each line has its test in
 * tests/embedded/; the patched names are internals of exactly the version in package.json.
 */
export function hardenConnection(connection: PostgresConnection): void {
  // "unknown" makes lite GRANT ALL on every table to anon and authenticated with the first request.
  if (Reflect.get(connection, 'rlsState') !== 'unknown') throw new Error('@supabase/lite no longer keeps rlsState: see supabase/embedded/README.md before using this version')
  Reflect.set(connection, 'rlsState', 'active')
  // Otherwise P0001, check violations and more are answered with 500 "SUP", without code or details.
  connection.normalizeDbError = (error: unknown) => {
    if (!(error instanceof postgres.PostgresError) || ANSWERED_WELL.has(error.code) || error.code.startsWith('PT')) return error
    const body = JSON.stringify({ code: error.code, message: error.message, details: error.detail ?? null, hint: error.hint ?? null })
    return Object.assign(new Error(body), { code: 'PGRST', detail: JSON.stringify({ status: statusOf(error.code, false), headers: {} }) })
  }
}

/** Types for the connection: lite gives JSON values that are text already, and wants instants as text. */
export const connectionTypes = {
  // Its own serializer would encode them a second time: a JSON string instead of an object would be stored.
  json: { to: 114, from: [114], serialize: asJson, parse: (text: string): unknown => JSON.parse(text) },
  jsonb: { to: 3802, from: [3802], serialize: asJson, parse: (text: string): unknown => JSON.parse(text) },
  // Postgres prints "2026-11-21 17:45:32+00"; Supabase answers ISO 8601.
  timestamptz: { to: 1184, from: [1184], serialize: (value: unknown) => value, parse: (text: string) => text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00') },
  timestamp: { to: 1114, from: [1114], serialize: (value: unknown) => value, parse: (text: string) => text.replace(' ', 'T') },
}

function asJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
