import { getRequestHeader, parseCookies, setCookie, type H3Event } from 'h3'
import { AppError } from '#shared/errors'
import type { Actor } from '#server/domain/accounts/actor'
import { openVisit, type Visit } from '#server/domain/accounts/visit'
import { config } from '../config.ts'
import { clientAddress, networkOf } from './client-address.ts'
import { hasSessionCookie, sessionCookieName } from './session-cookie.ts'

/** Thirty days after the last visit the browser forgets the session. @supabase/ssr would keep it for 400. */
const sessionCookieSeconds = 30 * 24 * 3600

const kept = new WeakMap<H3Event, { visit?: Visit, actor?: Promise<Actor | undefined> }>()
const keptFor = (event: H3Event) => {
  let known = kept.get(event)
  if (!known) kept.set(event, known = {})
  return known
}

/** The visitor's session, for signing in and out. Cookies: httpOnly, SameSite=Lax, `__Host-` and Secure behind TLS (RULES F3). */
export function visitOf(event: H3Event): Visit {
  const known = keptFor(event)
  const { supabase, publicUrl } = config()
  if (!supabase) throw new AppError('unavailable')
  const isSecure = publicUrl.startsWith('https:')
  known.visit ??= openVisit(supabase, {
    name: sessionCookieName(), isSecure,
    read: () => Object.entries(parseCookies(event)).map(([name, value]) => ({ name, value })),
    write: cookies => cookies.forEach(({ name, value, maxAgeSeconds }) => setCookie(event, name, value, {
      httpOnly: true, secure: isSecure, sameSite: 'lax', path: '/', ...(maxAgeSeconds !== undefined && { maxAge: Math.min(maxAgeSeconds, sessionCookieSeconds) }),
    })),
  }, getRequestHeader(event, 'user-agent'), networkOf(clientAddress(event)))
  return known.visit
}

/** Who is signed in, if anyone. Asks nobody when there is no session cookie. */
export function optionalActor(event: H3Event): Promise<Actor | undefined> {
  if (!hasSessionCookie(event)) return Promise.resolve(undefined)
  const known = keptFor(event)
  known.actor ??= visitOf(event).readActor()
  return known.actor
}

/** Who is signed in. @throws AppError sign_in_required */
export async function requireActor(event: H3Event): Promise<Actor> {
  const actor = await optionalActor(event)
  if (!actor) throw new AppError('sign_in_required')
  return actor
}
