import { randomBytes } from 'node:crypto'
import { getCookie, setCookie, type H3Event } from 'h3'
import type { Responder } from '#server/domain/alerts/respond-to-alert'
import { config } from '../config.ts'

/** Thirty days: as long as an alert may count. */
const seconds = 30 * 24 * 3600

/** Who answers an alert: the holder of a subscription, else this browser, which is known again by a cookie that means nothing else. */
export function responderOf(event: H3Event, token: string | undefined): Responder {
  if (token) return { kind: 'subscription', token }
  const isSecure = config().publicUrl.startsWith('https:')
  const name = isSecure ? '__Host-linli-answers' : 'linli-answers'
  const given = getCookie(event, name)
  if (given && /^[\w-]{22}$/.test(given)) return { kind: 'cookie', value: given }
  const value = randomBytes(16).toString('base64url')
  setCookie(event, name, value, { httpOnly: true, secure: isSecure, sameSite: 'lax', path: '/', maxAge: seconds })
  return { kind: 'cookie', value }
}
