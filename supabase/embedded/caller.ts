import { timingSafeEqual } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import { z } from 'zod'
import { type ApiRequest, type ApiResponse, json, restError } from './api-message.ts'
import type { Keys } from './keys.ts'

const ROLES = ['anon', 'authenticated', 'service_role'] as const
export type Role = (typeof ROLES)[number]

/** Who calls: a key's own role, or the bearer of a token. */
export type Caller = {
  role: Role
  /** The claims as the database sees them in `request.jwt.claims`. */
  claims: string
  sub: string
}

/** Whoever has the secret key and no token: the portal itself. */
export const serverCaller: Caller = { role: 'service_role', claims: '{"role":"service_role"}', sub: '' }

type Known = Caller & { expiresAt: number }
export type CallerFinder = (request: ApiRequest) => Promise<Caller | ApiResponse>

const claimsSchema = z.looseObject({ role: z.string().optional(), sub: z.string().optional(), exp: z.number().optional(), iat: z.number().optional() })

/** Sessions in use at once on one station are hundreds; beyond this the oldest verified tokens are forgotten. */
const REMEMBERED_TOKENS = 5000

/** Checks key and token of each request as the gateway of Supabase and PostgREST do together. */
export function createCallerFinder(keys: Pick<Keys, 'publishableKey' | 'secretKey' | 'jwtSecret'>): CallerFinder {
  const secret = new TextEncoder().encode(keys.jwtSecret)
  const known = new Map<string, Known>()
  const byKey: [string, Caller][] = [
    [keys.publishableKey, { role: 'anon', claims: '{"role":"anon"}', sub: '' }],
    [keys.secretKey, serverCaller],
  ]

  async function verify(token: string, isAuth: boolean): Promise<Caller | ApiResponse | undefined> {
    const now = Date.now() / 1000
    const remembered = known.get(token)
    if (remembered && remembered.expiresAt > now) return remembered
    known.delete(token)
    let payload: z.infer<typeof claimsSchema>
    try {
      payload = claimsSchema.parse((await jwtVerify(token, secret, { algorithms: ['HS256'] })).payload)
    }
    catch (error) {
      // Auth has its own words for a bad token, which supabase-js knows.
      if (isAuth) return undefined
      if (error instanceof errors.JWTExpired) return restError(401, 'PGRST303', 'JWT expired')
      return restError(401, 'PGRST301', 'No suitable key or wrong key type', 'None of the keys was able to decode the JWT')
    }
    if (payload.iat !== undefined && payload.iat > now + 1) return restError(401, 'PGRST303', 'JWT issued at future')
    const role = ROLES.find(name => name === (payload.role ?? 'anon'))
    // A signed token for another role, "postgres" for one, must not reach a connection that could become it.
    if (!role) return restError(403, '42501', `permission denied to set role "${String(payload.role).slice(0, 64)}"`)
    const caller = { role, claims: JSON.stringify(payload), sub: payload.sub ?? '' }
    if (payload.exp !== undefined) {
      if (known.size >= REMEMBERED_TOKENS) known.delete(known.keys().next().value ?? '')
      known.set(token, { ...caller, expiresAt: payload.exp })
    }
    return caller
  }

  return async (request) => {
    const { apikey, authorization } = request.headers
    if (!apikey) return json(401, { message: 'No API key found in request', hint: 'No `apikey` request header or url param was found.' })
    const owner = byKey.find(([key]) => sameText(key, apikey))?.[1]
    if (!owner) return json(401, { message: 'Invalid API key', hint: 'Double check your Supabase `apikey`' })
    if (owner.role === 'service_role' && /^\s*Mozilla\s*\//i.test(request.headers['user-agent'] ?? '')) {
      return json(401, { message: 'Forbidden use of secret API key in browser' })
    }
    const token = /^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1]?.trim()
    if (!token || token === apikey || token.startsWith('sb_')) return owner
    const isAuth = request.path.startsWith('/auth/v1')
    if (token.split('.').length !== 3 && !isAuth) return restError(401, 'PGRST301', `Expected 3 parts in JWT; got ${token.split('.').length}`)
    return await verify(token, isAuth) ?? { role: 'anon', claims: '{"role":"anon"}', sub: '' }
  }
}

/** Compares in a time that tells nothing about where the texts differ. */
function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left), b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}
