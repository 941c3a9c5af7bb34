import { parseCookies, type H3Event } from 'h3'
import { config } from '../config.ts'

/** Our session cookie. `__Host-` binds it to this host and to TLS; plain http on this machine cannot carry that prefix. */
export function sessionCookieName(): string {
  return config().publicUrl.startsWith('https:') ? '__Host-linli-session' : 'linli-session'
}

/** Is there a session cookie at all, also one cut into numbered pieces? It says nothing about whether it is any good. */
export function hasSessionCookie(event: H3Event): boolean {
  const whole = sessionCookieName()
  return Object.keys(parseCookies(event)).some(name => name === whole || (name.startsWith(`${whole}.`) && /^\d+$/.test(name.slice(whole.length + 1))))
}
