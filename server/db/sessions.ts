import { createServerClient } from '@supabase/ssr'
import { createClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { AppError } from '#shared/errors'
import { stateless, type Client, type SupabaseSettings } from './clients.ts'
import type { Database } from './database.types.ts'
import { AwayError } from './reachability.ts'
import { reachabilityOf, watchedFetch } from './watched-fetch.ts'

/** Where the session of a visitor rests: httpOnly cookies of the request and of its answer. */
export interface CookieJar {
  name: string
  isSecure: boolean
  read: () => { name: string, value: string }[]
  write: (cookies: { name: string, value: string, maxAgeSeconds: number | undefined }[]) => void
}

const claimsSchema = z.object({ sub: z.uuid(), session_id: z.uuid(), email: z.string() })

/** Calls of Auth that count tries by the client's address. */
const counted = /\/auth\/v1\/(token\?grant_type=password|otp|verify)\b/

/**
 * Tells Auth for whom the portal calls (RULES F3). Without it every visitor has the portal's own address there: whoever guesses at one account
 * would use up the tries of all. Auth believes it with the secret key only.
 * @see https://supabase.com/docs/guides/auth/rate-limits
 */
function forwardingFetch(settings: SupabaseSettings, address: string | undefined): typeof fetch {
  const { publishableKey, secretKey } = settings
  const watched = watchedFetch(settings)
  return (input, init = {}) => {
    if (!address || !counted.test(String(input))) return watched(input, init)
    const headers = new Headers(init.headers)
    headers.set('apikey', secretKey)
    headers.set('sb-forwarded-for', address)
    if (headers.get('authorization') === `Bearer ${publishableKey}`) headers.set('authorization', `Bearer ${secretKey}`)
    return watched(input, { ...init, headers })
  }
}

/**
 * One visitor's session with Supabase Auth; tokens only, never the user object, in cookies that scripts cannot read.
 * @param address the visitor's, for Auth's own limits
 */
export function openSession(settings: SupabaseSettings, jar: CookieJar, address?: string) {
  const { url, publishableKey } = settings
  const forwarding = forwardingFetch(settings, address)
  let isGivenUp = false
  const client: Client = createServerClient<Database>(url, publishableKey, {
    // Auth tries to refresh a token for half a minute. Once the visitor has had their answer, nothing may be changed behind it.
    global: { fetch: (...call) => isGivenUp ? Promise.reject(new AwayError()) : forwarding(...call) },
    cookieOptions: { name: jar.name, httpOnly: true, secure: jar.isSecure, sameSite: 'lax', path: '/' },
    cookies: {
      encode: 'tokens-only',
      getAll: () => jar.read(),
      setAll: cookies => jar.write(cookies.map(({ name, value, options }) => ({ name, value, maxAgeSeconds: value ? options.maxAge : 0 }))),
    },
  })
  const asGuest = (): Client => createClient<Database>(url, publishableKey, { ...stateless(settings), global: { fetch: forwarding } })
  /** @throws AppError unavailable, as soon as the database is away */
  const whileThere = <T>(work: () => Promise<T>): Promise<T> => reachabilityOf(settings).while(work).catch((error: unknown) => {
    if (!(error instanceof AwayError)) throw error
    isGivenUp = true
    throw new AppError('unavailable', {}, { cause: error })
  })
  return {
    /** Who is signed in; undefined for nobody, for a forged token and for a session that has ended. */
    async readActor() {
      const { data, error } = await whileThere(() => client.auth.getClaims())
      if (error && error.status !== undefined && isAway(error)) throw new AppError('unavailable', {}, { cause: error })
      const claims = claimsSchema.safeParse(data?.claims)
      const { data: { session } } = await whileThere(() => client.auth.getSession())
      if (!claims.success || !session) return undefined
      return { userId: claims.data.sub, sessionId: claims.data.session_id, email: claims.data.email, accessToken: session.access_token }
    },
    /** @throws AppError wrong_credentials, unavailable */
    async signInWithPassword(email: string, password: string) {
      const { error } = await whileThere(() => client.auth.signInWithPassword({ email, password }))
      if (error) throw toAppError(error)
    },
    /**
     * Sends a code of six digits; makes the account on first use. There is no sign-up with a password: one set before the
     * address is proved would belong to whoever typed the address first.
     * @param returnTo our own address in the language of the mail
     * @throws AppError rate_limited, unavailable
     */
    async sendCode(email: string, returnTo: string) {
      // Without a session, or @supabase/ssr would leave a PKCE verifier behind as a cookie; a typed code needs none.
      const { error } = await asGuest().auth.signInWithOtp({ email, options: { shouldCreateUser: true, emailRedirectTo: returnTo } })
      if (error) throw toAppError(error)
    },
    /**
     * Signs in with the mailed code. `isFirst`: it proved the address for the first time.
     * @throws AppError wrong_code, unavailable
     */
    async verifyCode(email: string, code: string) {
      const { data: { user }, error } = await whileThere(() => client.auth.verifyOtp({ email, token: code, type: 'email' }))
      if (error) throw new AppError(isAway(error) ? 'unavailable' : 'wrong_code', {}, { cause: error })
      return { isFirst: isSameMoment(user?.email_confirmed_at, user?.last_sign_in_at) }
    },
    /**
     * Sets the password and ends every other session of the account. Auth takes a new one only soon after a sign-in ("secure
     * password change"): an older session shows the current password, and signs in beside itself with it.
     * @throws AppError forbidden (neither fresh nor shown), session_ended, invalid, unavailable
     */
    async setPassword(password: string, current?: { email: string, password: string }) {
      const fresh = current ? asGuest() : client
      const { error: refused } = current ? await fresh.auth.signInWithPassword(current) : { error: null }
      if (refused) throw toAppError(refused)
      const { error } = await whileThere(() => fresh.auth.updateUser({ password }))
      if (error) throw error.code === 'reauthentication_needed' ? new AppError('forbidden', {}, { cause: error }) : toAppError(error)
      const { error: left } = await whileThere(() => client.auth.signOut({ scope: 'others' }))
      if (left) throw toAppError(left)
    },
    /** The token of the session that the request came with, if any; nobody checked it. */
    async readToken() {
      const { data: { session } } = await whileThere(() => client.auth.getSession())
      return session?.access_token
    },
    /** Ends another session by its token, such as the one before a new sign-in. One that has ended already is no fault. */
    async endSession(accessToken: string) {
      await client.auth.admin.signOut(accessToken, 'local')
    },
    /** Ends this session for good; the cookie goes even when the database is away. */
    async signOut() {
      await whileThere(() => client.auth.signOut({ scope: 'local' })).catch(() => undefined)
    },
  }
}

export type Session = ReturnType<typeof openSession>

/** Both instants come from the same server in the same call. */
const isSameMoment = (first: string | undefined, second: string | undefined) =>
  first !== undefined && second !== undefined && Math.abs(Date.parse(first) - Date.parse(second)) < 5000

const isAway = ({ status }: { status?: number }) => status === undefined || status === 0 || status >= 500

function toAppError(error: { status?: number, code?: string, message: string }) {
  if (isAway(error)) return new AppError('unavailable', {}, { cause: error })
  if (error.code === 'weak_password') return new AppError('invalid', {}, { fields: { password: { key: 'accounts.errors.passwordWeak' } }, cause: error })
  if (error.status === 429) return new AppError('rate_limited', { seconds: 60 }, { cause: error })
  return new AppError('wrong_credentials', {}, { cause: error })
}
