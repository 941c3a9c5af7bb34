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

/** The token opens for thirty minutes from the last look, counted by the database (RULES C2). The cookie stays as long again, so that the page can say why it asks once more. */
const view = boundCookie('view', '/reports', 60 * 60)
const heldView = (event: H3Event) => /^(LL-[0-9A-Z]{4}-[0-9A-Z]{4})\.([\w-]+)$/.exec(view.read(event) ?? '')
export const viewCookie = {
  read: (event: H3Event) => heldView(event)?.[2],
  /** Which report this browser had open. */
  reference: (event: H3Event) => heldView(event)?.[1],
  write: (event: H3Event, reference: string, token: string) => view.write(event, `${reference}.${token}`),
  clear: view.clear,
}
