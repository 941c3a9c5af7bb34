import { createHash, randomInt } from 'node:crypto'
import type { EmailDriver } from '@supabase/lite'
import { SignJWT, decodeJwt } from 'jose'
import type postgres from 'postgres'
import { z } from 'zod'
import { type ApiRequest, type ApiResponse, authError, json, parseJson } from './api-message.ts'
import { letterTemplates, withRedirect } from './mail.ts'

export type Library = (request: ApiRequest) => Promise<ApiResponse>

/** A code has six digits: ten guesses in the ten minutes it lives are one chance in 100,000. */
const GUESSES = 10
/** Twice what the portal itself allows: this is the end for whoever calls the API past the portal. */
const MAILS_AN_HOUR = 12
export const CODE_LIFE_SECONDS = 600
/** As Supabase: one mail a minute and address. */
const RESEND_AFTER_SECONDS = 60

const verifySchema = z.looseObject({ type: z.string(), email: z.string().optional(), token: z.string().optional(), token_hash: z.string().optional() })
const emailSchema = z.looseObject({ email: z.string(), type: z.string().optional() })
const sessionClaimSchema = z.object({ session_id: z.uuid() })
const sessionSchema = z.looseObject({
  access_token: z.string(),
  user: z.looseObject({ app_metadata: z.unknown(), user_metadata: z.unknown(), phone: z.string().optional() }),
})

/** Mends what lite's auth does otherwise than Supabase Auth; everything else passes through. Signed-in identity stays lite's. */
export function createAuthFront({ library, sql, jwtSecret, mail, siteUrl }: { library: Library, sql: postgres.Sql, jwtSecret: string, mail: EmailDriver, siteUrl: string }): Library {
  const key = new TextEncoder().encode(jwtSecret)
  const guesses = new Map<string, { count: number, until: number }>()
  const mails = new Map<string, { count: number, until: number }>()

  async function verify(request: ApiRequest): Promise<ApiResponse> {
    const body = verifySchema.safeParse(parseJson(request.body))
    if (!body.success) return library(request)
    const { type, email = '', token_hash: hash = '' } = body.data
    // Counted before the library looks: guesses that come at once must not pass together.
    if (email && countGuess(email) > GUESSES) return authError(429, 'over_request_rate_limit', 'Request rate limit reached')

    // Supabase knows one type for both; lite knows only the two it is made of.
    const types = type === 'email' || type === 'magiclink' ? ['signup', 'magiclink'] : [type]
    const [before] = await sql<{ id: string }[]>`
      select id from auth.users where email_confirmed_at is null and (email = lower(${email}) or (recovery_token = ${hash} and ${hash} <> ''))`
    let answer: ApiResponse | undefined
    for (const candidate of types) {
      answer = await library({ ...request, body: JSON.stringify({ ...body.data, type: candidate }) })
      if (answer.status !== 200) continue
      // Whoever signed up with this address before its owner proved it must not keep a password to it.
      if (before && candidate !== 'signup') await sql`update auth.users set encrypted_password = null where id = ${before.id}`
      guesses.delete(guessKey(email))
      return withSupabaseClaims(answer, 'otp')
    }
    return answer ?? library(request)
  }

  /** How often the code of this address has been guessed at; a new mail starts afresh. */
  const countGuess = (email: string) => countUp(guesses, email, CODE_LIFE_SECONDS)
  const countMail = (email: string) => countUp(mails, email, 3600)

  /** lite takes a new address for confirmed before its code was typed; Supabase does not. */
  async function sendCode(request: ApiRequest): Promise<ApiResponse> {
    const body = emailSchema.safeParse(parseJson(request.body))
    // Each mail brings ten more guesses: without an end to mails there would be none to guessing.
    if (body.success && countMail(body.data.email) > MAILS_AN_HOUR) return authError(429, 'over_email_send_rate_limit', 'Email rate limit exceeded')
    const known = body.success ? await sql`select 1 from auth.users where email = lower(${body.data.email})` : [1]
    const answer = await withRedirect(new URLSearchParams(request.search).get('redirect_to') ?? '', () => library(request))
    if (answer.status === 200 && body.success) guesses.delete(guessKey(body.data.email))
    if (answer.status === 200 && body.success && known.length === 0) {
      await sql`
        with fresh as (update auth.users set email_confirmed_at = null, last_sign_in_at = null where email = lower(${body.data.email}) returning id)
        delete from auth.sessions s using fresh where s.user_id = fresh.id`
    }
    return answer
  }

  /** lite refuses a second sign-up aloud; Supabase answers as for a new one and sends the code again if it is still open. */
  async function signUp(request: ApiRequest): Promise<ApiResponse> {
    const answer = await library(request)
    const body = emailSchema.safeParse(parseJson(request.body))
    if (answer.status !== 429 || !body.success) return answer
    await resendSignUp(body.data.email)
    const now = new Date().toISOString()
    const id = crypto.randomUUID()
    return json(200, { id, aud: 'authenticated', role: '', email: body.data.email.toLowerCase(), phone: '', app_metadata: { provider: 'email', providers: ['email'] }, user_metadata: {}, identities: [], is_anonymous: false, confirmation_sent_at: now, created_at: now, updated_at: now })
  }

  /** lite never sends a sign-up code again. */
  async function resend(request: ApiRequest): Promise<ApiResponse> {
    const body = emailSchema.safeParse(parseJson(request.body))
    if (!body.success || body.data.type !== 'signup') return library(request)
    await resendSignUp(body.data.email)
    return json(200, {})
  }

  async function resendSignUp(email: string) {
    const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
    // As lite keeps it: the hash of address and code.
    const hash = createHash('sha256').update(email.toLowerCase() + code).digest('hex')
    const [user] = await sql<{ email: string }[]>`
      update auth.users set confirmation_token = ${hash}, confirmation_sent_at = now()
      where email = lower(${email}) and email_confirmed_at is null and confirmation_sent_at < now() - make_interval(secs => ${RESEND_AFTER_SECONDS})
      returning email`
    if (!user) return
    guesses.delete(guessKey(email))
    const subject = letterTemplates.confirmation.subject.replace('{{ .Token }}', code).replace('{{ .TokenHash }}', hash).replace('{{ .RedirectTo }}', siteUrl)
    await mail.send({ to: user.email, subject, text: '', html: '' })
  }

  /** lite takes a token for good until it expires, though its session ended; Supabase asks for the session. */
  async function readUser(request: ApiRequest): Promise<ApiResponse> {
    const answer = await library(request)
    const claims = answer.status === 200 ? sessionClaimSchema.safeParse(decodeJwt((request.headers.authorization ?? '').replace(/^bearer /i, ''))) : undefined
    if (!claims?.success) return answer
    const [session] = await sql`select 1 from auth.sessions where id = ${claims.data.session_id}`
    return session ? answer : authError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist')
  }

  /** Adds the claims that Supabase puts into a token and lite leaves out. */
  async function withSupabaseClaims(answer: ApiResponse, method?: 'otp' | 'password'): Promise<ApiResponse> {
    if (answer.status !== 200) return answer
    const session = sessionSchema.safeParse(parseJson(answer.body))
    if (!session.success) return answer
    const { user } = session.data
    const claims = decodeJwt(session.data.access_token)
    const token = await new SignJWT({
      ...claims,
      phone: user.phone ?? '',
      app_metadata: user.app_metadata ?? {},
      user_metadata: user.user_metadata ?? {},
      is_anonymous: false,
      aal: 'aal1',
      // After a refresh lite no longer knows how the session began.
      amr: method ? [{ method, timestamp: claims.iat }] : [],
    }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key)
    return { ...answer, body: JSON.stringify({ ...session.data, access_token: token }) }
  }

  return async (request) => {
    if (request.method === 'POST') {
      switch (request.path) {
        case '/auth/v1/verify': return verify(request)
        case '/auth/v1/otp': return sendCode(request)
        case '/auth/v1/signup': return signUp(request)
        case '/auth/v1/resend': return resend(request)
        case '/auth/v1/token': return withSupabaseClaims(await library(request), /[?&]grant_type=password(&|$)/.test(request.search) ? 'password' : undefined)
        // The older name of /otp, with the same early confirmation; no client of ours uses it.
        case '/auth/v1/magiclink': return authError(404, 'not_found', 'Use /otp')
      }
    }
    if (request.method === 'GET' && request.path === '/auth/v1/user') return readUser(request)
    return library(request)
  }
}

function countUp(counts: Map<string, { count: number, until: number }>, email: string, seconds: number): number {
  const now = Date.now()
  for (const [other, { until }] of counts) if (until <= now) counts.delete(other)
  const entry = counts.get(guessKey(email)) ?? { count: 0, until: now + seconds * 1000 }
  counts.set(guessKey(email), { ...entry, count: entry.count + 1 })
  return entry.count + 1
}

const guessKey = (email: string) => createHash('sha256').update(email.toLowerCase()).digest('base64')
