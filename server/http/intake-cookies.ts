// Two httpOnly cookies of the counter; they go to its own addresses alone, never to a page.
import { deleteCookie, getCookie, setCookie, type H3Event } from 'h3'
import { confirmationSeconds } from '#shared/reports/confirmation'
import { config } from '../config.ts'

const isSecure = () => config().publicUrl.startsWith('https:')
const options = () => ({ httpOnly: true, secure: isSecure(), sameSite: 'strict', path: '/api/desk/reports/intake' }) as const

function intakeCookie(name: string, maxAge?: number) {
  const fullName = () => `${isSecure() ? '__Secure-' : ''}linli-${name}`
  return {
    read: (event: H3Event) => getCookie(event, fullName()),
    write: (event: H3Event, value: string) => setCookie(event, fullName(), value, { ...options(), ...(maxAge && { maxAge }) }),
    clear: (event: H3Event) => deleteCookie(event, fullName(), options()),
  }
}

/** The secret of the form in progress; it goes with the browser window. */
export const intakeDraftCookie = intakeCookie('intake')

/** The sealed receipt, until it was handed over (RULES C2). */
export const intakeReceiptCookie = intakeCookie('intake-receipt', confirmationSeconds)
