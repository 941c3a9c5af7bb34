import { createHash, randomInt, randomUUID } from 'node:crypto'
import type { EmailDriver } from '@supabase/lite'
import { SignJWT, decodeJwt, jwtVerify } from 'jose'
import type postgres from 'postgres'
import { z } from 'zod'
import { type ApiRequest, type ApiResponse, authError, json, parseJson } from './api-message.ts'
import { Attempts } from './attempts.ts'
import { checkInput } from './auth-input.ts'
import { atEvenTime } from './even-time.ts'
import { letterTemplates, withRedirect } from './mail.ts'

export type Library = (request: ApiRequest) => Promise<ApiResponse>
/** `client`: for whom the portal calls, when it says so with the secret key. */
export type AuthFront = (request: ApiRequest, client?: string) => Promise<ApiResponse>

export type AuthFrontOptions = {
  library: Library
  sql: postgres.Sql
  jwtSecret: string
  mail: EmailDriver
  siteUrl: string
  /** Answers that could tell a known address from an unknown one come at whole steps of this many milliseconds. */
  answerStepMs: number
  /** Outlives a database that went away. */
  attempts: AuthAttempts
}

/** A code has six digits: ten guesses in the ten minutes it lives are one chance in 100,000. */
const GUESSES = 10
/** Twice what the portal itself allows, as for passwords: these are the ends for whoever calls the API past the portal. */
const MAILS_AN_HOUR = 12
const WRONG_PASSWORDS_AN_HOUR = 40
/** Of one client of the portal, which counts by itself: more than it lets through in any hour, also across two of its windows. */
const WRONG_PASSWORDS_OF_A_CLIENT = 80
export const CODE_LIFE_SECONDS = 600
/** How long after signing in somebody may set a password, as Supabase's `secure_password_change`, which allows a day. */
const RECENT_SECONDS = 600
/** As Supabase: one mail a minute and address. */
const RESEND_AFTER_SECONDS = 60

const verifySchema = z.looseObject({ type: z.string(), email: z.string().optional() })
const emailSchema = z.looseObject({ email: z.string(), type: z.string().optional() })
const changeSchema = z.looseObject({ email: z.string().optional(), phone: z.string().optional(), password: z.string().optional(), nonce: z.string().optional() })
const tokenClaimSchema = z.object({ session_id: z.uuid(), sub: z.uuid() })
const sessionSchema = z.looseObject({
  access_token: z.string(),
  user: z.looseObject({ app_metadata: z.unknown(), user_metadata: z.unknown(), phone: z.string().optional() }),
})
const refusalSchema = z.looseObject({ error_code: z.string() })

export type AuthAttempts = ReturnType<typeof countAuthAttempts>
export function countAuthAttempts() {
  return {
    guesses: new Attempts(GUESSES, CODE_LIFE_SECONDS),
    mails: new Attempts(MAILS_AN_HOUR, 3600),
    passwords: new Attempts(WRONG_PASSWORDS_AN_HOUR, 3600),
    passwordsOfClients: new Attempts(WRONG_PASSWORDS_OF_A_CLIENT, 3600),
  }
}

/** Mends what lite's auth does otherwise than Supabase Auth; everything else passes through. Signed-in identity stays lite's. */
export function createAuthFront({ library, sql, jwtSecret, mail, siteUrl, answerStepMs, attempts: { guesses, mails, passwords, passwordsOfClients } }: AuthFrontOptions): AuthFront {
  const key = new TextEncoder().encode(jwtSecret)
  const tooManyMails = () => authError(429, 'over_email_send_rate_limit', 'Email rate limit exceeded')
  const tooManyTries = () => authError(429, 'over_request_rate_limit', 'Request rate limit reached')

  /** The hash in a mail is one of address and six digits: whoever knows the address could guess at it uncounted, so it opens nothing. */
  async function verify(request: ApiRequest, client?: string): Promise<ApiResponse> {
    const body = verifySchema.safeParse(parseJson(request.body))
    if (!body.success || !body.data.email) return authError(400, 'validation_failed', 'Verify requires an email and a token')
    const { type, email } = body.data
    const subject = subjectOf(email, client)
    if (!guesses.take(subject)) return tooManyTries()

    // Supabase knows one type for both; lite knows only the two it is made of.
    const types = type === 'email' || type === 'magiclink' ? ['signup', 'magiclink'] : [type]
    const [before] = await sql<{ id: string }[]>`select id from auth.users where email_confirmed_at is null and email = lower(${email})`
    let answer: ApiResponse | undefined
    for (const candidate of types) {
      answer = await library({ ...request, body: JSON.stringify({ ...body.data, type: candidate }) })
      if (answer.status !== 200) continue
      // Whoever signed up with this address before its owner proved it must not keep a password to it.
      if (before && candidate !== 'signup') await sql`update auth.users set encrypted_password = null where id = ${before.id}`
      guesses.forget(subject)
      return withSupabaseClaims(answer, 'otp')
    }
    return answer ?? library(request)
  }

  /** lite takes a new address for confirmed before its code was typed; Supabase does not. Who may not sign up hears nothing of it. */
  async function sendCode(request: ApiRequest, client?: string): Promise<ApiResponse> {
    const body = emailSchema.safeParse(parseJson(request.body))
    if (!body.success) return library(request)
    // Each mail brings ten more guesses: without an end to mails there would be none to guessing.
    // The portal counts for itself; who calls past it must not use up what it sends.
    if (!mails.take(subjectOf(body.data.email, client && 'the portal'))) return tooManyMails()
    const known = await sql`select 1 from auth.users where email = lower(${body.data.email})`
    const answer = await withRedirect(new URLSearchParams(request.search).get('redirect_to') ?? '', () => library(request))
    if (codeOf(answer) === 'otp_disabled') return json(200, {})
    if (answer.status === 200) guesses.forget(subjectOf(body.data.email, client))
    if (answer.status === 200 && known.length === 0) {
      await sql`
        with fresh as (update auth.users set email_confirmed_at = null, last_sign_in_at = null where email = lower(${body.data.email}) returning id)
        delete from auth.sessions s using fresh where s.user_id = fresh.id`
    }
    return answer
  }

  async function recover(request: ApiRequest): Promise<ApiResponse> {
    const body = emailSchema.safeParse(parseJson(request.body))
    if (body.success && !mails.take(body.data.email)) return tooManyMails()
    return library(request)
  }

  /** lite refuses a second sign-up aloud. Here every address gets the same answer, and a code that is still open is sent again. */
  async function signUp(request: ApiRequest): Promise<ApiResponse> {
    const body = emailSchema.safeParse(parseJson(request.body))
    if (body.success && !mails.take(body.data.email)) return tooManyMails()
    const answer = await library(request)
    if (!body.success || (answer.status !== 200 && answer.status !== 429)) return answer
    if (answer.status === 429) await resendSignUp(body.data.email)
    const now = new Date().toISOString()
    const metadata = { provider: 'email', providers: ['email'] }
    return json(200, { id: randomUUID(), aud: 'authenticated', role: '', email: body.data.email.toLowerCase(), phone: '', app_metadata: metadata, user_metadata: {}, identities: [], is_anonymous: false, confirmation_sent_at: now, created_at: now, updated_at: now })
  }

  /** lite never sends a sign-up code again, and tells by its answer who waits for another kind of mail. */
  async function resend(request: ApiRequest): Promise<ApiResponse> {
    const body = emailSchema.safeParse(parseJson(request.body))
    if (!body.success || body.data.type !== 'signup') return authError(400, 'validation_failed', 'The embedded backend sends sign-up codes again, with an email')
    if (!mails.take(body.data.email)) return tooManyMails()
    await resendSignUp(body.data.email)
    return json(200, {})
  }

  async function resendSignUp(email: string) {
    const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
    const hash = codeHash(email, code)
    const [user] = await sql<{ email: string }[]>`
      update auth.users set confirmation_token = ${hash}, confirmation_sent_at = now()
      where email = lower(${email}) and email_confirmed_at is null and confirmation_sent_at < now() - make_interval(secs => ${RESEND_AFTER_SECONDS})
      returning email`
    if (!user) return
    guesses.forget(email)
    const subject = letterTemplates.confirmation.subject.replace('{{ .Token }}', code).replace('{{ .TokenHash }}', hash).replace('{{ .RedirectTo }}', siteUrl)
    await mail.send({ to: user.email, subject, text: '', html: '' })
  }

  /** A wrong password, an unknown address and one that nobody proved yet answer alike. */
  async function signIn(request: ApiRequest, client?: string): Promise<ApiResponse> {
    const grant = new URLSearchParams(request.search).get('grant_type')
    if (grant === 'refresh_token') return withSupabaseClaims(await library(request))
    if (grant !== 'password') return authError(400, 'invalid_credentials', 'unsupported_grant_type')
    const body = emailSchema.safeParse(parseJson(request.body))
    // Wrong passwords past the portal, or of another client of it, never close the owner's way.
    const tries = client ? passwordsOfClients : passwords
    const subject = body.success ? subjectOf(body.data.email, client) : undefined
    if (subject && !tries.take(subject)) return tooManyTries()
    const answer = await library(request)
    if (answer.status === 200 && subject) tries.forget(subject)
    if (codeOf(answer) === 'email_not_confirmed') return authError(400, 'invalid_credentials', 'Invalid login credentials')
    return withSupabaseClaims(answer, 'password')
  }

  /**
   * A session alone, from an open browser or a stolen token, sets no password: it must be fresh, or bring the code that
   * `GET /reauthenticate` mails. Nobody here changes an address: lite would not prove the new one.
   */
  async function changeUser(request: ApiRequest): Promise<ApiResponse> {
    const claims = await claimsOf(request)
    const body = changeSchema.safeParse(parseJson(request.body))
    if (!claims || !body.success) return authError(401, 'no_authorization', 'This endpoint requires a valid Bearer token')
    const { email, phone, password, nonce } = body.data
    if (email !== undefined || phone !== undefined) return authError(403, 'email_change_disabled', 'The embedded backend changes no address')
    if (password !== undefined && !await isFresh(claims, nonce)) return authError(401, 'reauthentication_needed', 'Password update requires reauthentication')
    return library(request)
  }

  async function isFresh({ session_id: session, sub }: z.infer<typeof tokenClaimSchema>, nonce: string | undefined): Promise<boolean> {
    const recent = await sql`select 1 from auth.sessions where id = ${session} and user_id = ${sub} and created_at > now() - make_interval(secs => ${RECENT_SECONDS})`
    if (recent.length > 0) return true
    if (!nonce || !guesses.take(`nonce ${sub}`)) return false
    const [user] = await sql<{ email: string }[]>`select email from auth.users where id = ${sub}`
    const used = await sql`
      update auth.users set reauthentication_token = '' where id = ${sub} and reauthentication_token = ${codeHash(user?.email ?? '', nonce)}
        and reauthentication_sent_at > now() - make_interval(secs => ${CODE_LIFE_SECONDS}) returning 1`
    if (used.length > 0) guesses.forget(`nonce ${sub}`)
    return used.length > 0
  }

  async function reauthenticate(request: ApiRequest): Promise<ApiResponse> {
    const { sub } = await claimsOf(request) ?? {}
    if (sub && !mails.take(`user ${sub}`)) return tooManyMails()
    const answer = await library(request)
    if (sub && answer.status === 200) guesses.forget(`nonce ${sub}`)
    return answer
  }

  /** lite takes a token for good until it expires, though its session ended; Supabase asks for the session. */
  async function readUser(request: ApiRequest): Promise<ApiResponse> {
    const answer = await library(request)
    const claims = answer.status === 200 ? await claimsOf(request) : undefined
    if (!claims) return answer
    const [session] = await sql`select 1 from auth.sessions where id = ${claims.session_id}`
    return session ? answer : authError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist')
  }

  /** Whom a token of ours names, whether its session still lives or not. */
  async function claimsOf({ headers: { authorization = '' } }: ApiRequest): Promise<z.infer<typeof tokenClaimSchema> | undefined> {
    const verified = await jwtVerify(authorization.replace(/^Bearer /, ''), key, { algorithms: ['HS256'] }).catch(() => undefined)
    return tokenClaimSchema.safeParse(verified?.payload).data
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

  return async (sent, client) => {
    const request = checkInput(sent)
    if ('status' in request) return request
    switch (`${request.method} ${request.path.slice('/auth/v1'.length)}`) {
      case 'POST /verify': return verify(request, client)
      case 'POST /otp': return atEvenTime(answerStepMs, sendCode(request, client))
      case 'POST /recover': return atEvenTime(answerStepMs, recover(request))
      case 'POST /signup': return atEvenTime(answerStepMs, signUp(request))
      case 'POST /resend': return atEvenTime(answerStepMs, resend(request))
      // Who gets in need not wait: that answer tells anyway.
      case 'POST /token': return atEvenTime(answerStepMs, signIn(request, client), ({ status }) => status !== 200)
      case 'GET /user': return readUser(request)
      case 'PUT /user': return changeUser(request)
      case 'GET /reauthenticate': return reauthenticate(request)
      default: return library(request)
    }
  }
}

const subjectOf = (email: string, client: string | undefined) => client === undefined ? email : `${email} for ${client}`

/** As lite keeps a code: the hash of address and code. */
const codeHash = (email: string, code: string) => createHash('sha256').update(email.toLowerCase() + code).digest('hex')

const codeOf = (answer: ApiResponse) => answer.status === 200 ? undefined : refusalSchema.safeParse(parseJson(answer.body)).data?.error_code
