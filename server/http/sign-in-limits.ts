import { getCookie, setCookie, type H3Event } from 'h3'
import type { Arrival } from '#server/domain/accounts/arrive'
import { deviceSeconds, knownDevice, rememberDevice } from '#server/domain/accounts/known-device'
import type { Services } from '#server/domain/services'
import { readDeskSession } from '#server/domain/staff/desk-session'
import type { Limit } from '#server/db/reports'
import { config } from '../config.ts'
import { limitsFor, limitsForEmail } from './rate-limits.ts'

const isSecure = () => config().publicUrl.startsWith('https:')
const name = () => isSecure() ? '__Host-linli-device' : 'linli-device'

/** Kept over signing out at the desk: it opens nothing, it only keeps strangers from using up the owner's guesses. */
export function rememberThisDevice(event: H3Event, { keys }: Services, email: string): void {
  setCookie(event, name(), rememberDevice(keys, getCookie(event, name()), email, Date.now()), { httpOnly: true, secure: isSecure(), sameSite: 'lax', path: '/', maxAge: deviceSeconds })
}

interface Windows { isKnown: boolean, limits: Limit[] }

/** The windows for a password: a known device's own, or those of the account and of the address, which all strangers share. */
export function passwordLimits(event: H3Event, services: Services, email: string): Windows {
  const device = knownDevice(services.keys, getCookie(event, name()), email, Date.now())
  if (device) return { isKnown: true, limits: [{ bucket: `account.device:${device}`, times: 20, seconds: 3600 }] }
  return { isKnown: false, limits: [...limitsFor(event, services, 'account.sign_in'), ...limitsForEmail(services, 'account.password', email)] }
}

/** Likewise for a second factor; strangers have twenty a day beside these (check_second_factor). */
export function codeLimits(event: H3Event, services: Services, email: string): Windows {
  const device = knownDevice(services.keys, getCookie(event, name()), email, Date.now())
  if (device) return { isKnown: true, limits: [{ bucket: `staff.device:${device}`, times: 10, seconds: 900 }] }
  return { isKnown: false, limits: [...limitsFor(event, services, 'staff.code'), ...limitsForEmail(services, 'staff.code', email)] }
}

/** For the first code of a new device, which only the session that was shown the secret can know. */
export const limitsForSession = (sessionId: string): Limit[] => [{ bucket: `staff.enrol:${sessionId}`, times: 20, seconds: 900 }]

/** After a password: whoever has no second factor to show (an account of the demo) is signed in wholly. */
export async function greet(event: H3Event, services: Services, { actor, account }: Arrival): Promise<void> {
  if (account.staff_role === null) return
  const { state } = await readDeskSession(services, actor, true)
  if (state === 'open') rememberThisDevice(event, services, actor.email)
}
