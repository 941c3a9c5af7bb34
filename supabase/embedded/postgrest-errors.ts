import type postgres from 'postgres'
import { type ApiResponse, restError } from './api-message.ts'

/**
 * The HTTP status PostgREST gives a SQLSTATE.
 * @see https://docs.postgrest.org/en/stable/references/errors.html#status-codes
 */
export function statusOf(code: string, isAnonymous: boolean): number {
  if (code === '42501') return isAnonymous ? 401 : 403
  const raised = /^PT(\d{3})$/.exec(code)
  if (raised) return Number(raised[1]) >= 200 && Number(raised[1]) <= 599 ? Number(raised[1]) : 500
  return EXACT[code] ?? CLASSES[code.slice(0, 2)] ?? 400
}

const EXACT: Record<string, number> = { 23503: 409, 23505: 409, 25006: 405, 42883: 404, '42P01': 404, '42P17': 500, 53400: 500, '57P01': 503, '57P02': 503, '57P03': 503, 'P0001': 400 }

const CLASSES: Record<string, number> = {
  '08': 503, '09': 500, '0L': 403, '0P': 403, '21': 500, '25': 500, '28': 403, '2D': 500, '38': 500, '39': 500, '3B': 500, '40': 500,
  '53': 503, '54': 500, '55': 500, '57': 500, '58': 500, 'F0': 500, 'HV': 500, 'P0': 500, 'PT': 500, 'XX': 500,
}

/** The answer PostgREST gives to an error of Postgres. `sqlstate 'PGRST'` carries its own answer in JSON. */
export function toRestError(error: postgres.PostgresError, isAnonymous: boolean): ApiResponse | undefined {
  // Its JSON protocol for whole answers is left to the library, which checks it.
  if (error.code === 'PGRST') return undefined
  return restError(statusOf(error.code, isAnonymous), error.code, error.message, error.detail ?? null, error.hint ?? null)
}
