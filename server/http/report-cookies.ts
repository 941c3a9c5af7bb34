// Three httpOnly cookies of the report pages; none is set on any other page.
import { deleteCookie, getCookie, setCookie, type H3Event } from 'h3'
import { confirmationSeconds } from '#shared/reports/confirmation'
import { localeCodes } from '#shared/locales'
import { config } from '../config.ts'

const isSecure = () => config().publicUrl.startsWith('https:')
const common = () => ({ httpOnly: true, secure: isSecure(), sameSite: 'lax' }) as const

/** Bound to one branch of pages, in every language, so that changing the language keeps it. */
const boundTo = (branch: string) => localeCodes.map(code => ({ ...common(), path: `/${code}${branch}` }))
const boundName = (name: string) => `${isSecure() ? '__Secure-' : ''}linli-${name}`

/** The secret of the form in progress (RULES B6). It goes with the browser window; the draft itself after two hours. */
const draftName = () => isSecure() ? '__Host-linli-draft' : 'linli-draft'
export const draftCookie = {
  read: (event: H3Event) => getCookie(event, draftName()),
  write: (event: H3Event, token: string) => setCookie(event, draftName(), token, { ...common(), path: '/' }),
  clear: (event: H3Event) => deleteCookie(event, draftName(), { ...common(), path: '/' }),
}

function boundCookie(name: string, branch: string, maxAge: number) {
  return {
    read: (event: H3Event) => getCookie(event, boundName(name)),
    write: (event: H3Event, value: string) => boundTo(branch).forEach(options => setCookie(event, boundName(name), value, { ...options, maxAge })),
    clear: (event: H3Event) => boundTo(branch).forEach(options => deleteCookie(event, boundName(name), options)),
  }
}

/** The sealed receipt, until "I saved it" (RULES C2). */
export const confirmationCookie = boundCookie('sent', '/reports/sent', confirmationSeconds)

/** The token of a view session: thirty minutes from the last look (RULES C2). */
export const viewCookie = boundCookie('view', '/reports', 30 * 60)
