import { z } from 'zod'
import { type ApiRequest, type ApiResponse, authError, json, parseJson } from './api-message.ts'

/** As GoTrue's column; lite's own would answer a longer one with 500. */
const emailSchema = z.string().max(255).nullish()
/** GoTrue's limit for bcrypt is 72 bytes; a longer one at the sign-in is merely wrong. */
const newPasswordSchema = z.string().refine(text => Buffer.byteLength(text) <= 72).nullish()
const textSchema = z.string().max(4096).nullish()
/** It goes into every token, and a token into cookies: a stranger's sign-up must not make the owner's too large to send. */
const metadataSchema = z.record(z.string(), z.unknown()).refine(value => JSON.stringify(value).length <= 2048).nullish()

/** Every call that the embedded Auth answers, with the fields it takes. What else lite has (OAuth, links that sign in, …) is not there. */
const calls: Record<string, Record<string, z.ZodObject>> = {
  '/signup': { POST: z.object({ email: emailSchema, password: newPasswordSchema, data: metadataSchema }) },
  '/token': { POST: z.object({ email: emailSchema, password: textSchema, refresh_token: textSchema }) },
  '/otp': { POST: z.object({ email: emailSchema, create_user: z.boolean().nullish() }) },
  '/verify': { POST: z.object({ type: z.enum(['email', 'signup', 'magiclink', 'recovery']), email: emailSchema, token: textSchema }) },
  '/recover': { POST: z.object({ email: emailSchema }) },
  '/resend': { POST: z.object({ email: emailSchema, type: textSchema }) },
  '/logout': { POST: z.object({}) },
  '/user': { GET: z.object({}), PUT: z.object({ email: emailSchema, phone: textSchema, password: newPasswordSchema, nonce: textSchema, data: metadataSchema }) },
  '/reauthenticate': { GET: z.object({}) },
  '/health': { GET: z.object({}) },
  '/settings': { GET: z.object({}) },
  '/.well-known/jwks.json': { GET: z.object({}) },
}

/**
 * The request with nothing in its body but the known fields, each of its type and storable; or the refusal, as Supabase words it.
 * lite answers a body of null, an object for an address or a NUL with 500.
 */
export function checkInput(request: ApiRequest): ApiRequest | ApiResponse {
  const methods = calls[request.path.slice('/auth/v1'.length)]
  if (!methods) return authError(404, 'not_found', 'The embedded backend has no such call')
  const schema = methods[request.method]
  if (!schema) return json(405, { message: 'Method not allowed' }, { allow: Object.keys(methods).join(', ') })
  if (![...new URLSearchParams(request.search)].flat().every(isStorable)) return invalid('the address')
  if (request.method === 'GET') return { ...request, body: '' }
  const body = request.body === '' ? {} : parseJson(request.body)
  if (body === undefined) return authError(400, 'bad_json', 'Could not parse request body as JSON')
  const input = schema.safeParse(body)
  if (!input.success) return invalid(String(input.error.issues[0]?.path[0] ?? 'the body'))
  if (!isStorable(input.data)) return invalid('a text')
  return { ...request, body: JSON.stringify(Object.fromEntries(Object.entries(input.data).filter(([, value]) => value !== null))) }
}

function invalid(what: string): ApiResponse {
  return authError(400, 'validation_failed', `Unable to validate the request: ${what} is not valid`)
}

/** PostgreSQL stores no NUL, and UTF-8 knows no half of a surrogate pair. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, inner]) => isStorable(name) && isStorable(inner))
}
