// Three short cookies, sealed and httpOnly: the ticket (which address the code went to), the proof (this session entered a code
// just now), and the code that a resident shows to an officer. See server/domain/accounts/sign-in-ticket.ts.
import { deleteCookie, getCookie, setCookie, type H3Event } from 'h3'
import { codeSeconds, openShown, openTicket, sealProof, sealShown, sealTicket, type Ticket } from '#server/domain/accounts/sign-in-ticket'
import type { Services } from '#server/domain/services'
import { config } from '../config.ts'

const isSecure = () => config().publicUrl.startsWith('https:')
const nameOf = (name: string) => `${isSecure() ? '__Host-' : ''}linli-${name}`
const options = () => ({ httpOnly: true, secure: isSecure(), sameSite: 'lax', path: '/' }) as const

export const ticketCookie = {
  read: (event: H3Event, { keys }: Services) => openTicket(keys, getCookie(event, nameOf('code')), Date.now()),
  write: (event: H3Event, { keys }: Services, ticket: Ticket) => setCookie(event, nameOf('code'), sealTicket(keys, ticket), { ...options(), maxAge: codeSeconds }),
  clear: (event: H3Event) => deleteCookie(event, nameOf('code'), options()),
}

export const proofCookie = {
  read: (event: H3Event) => getCookie(event, nameOf('proof')),
  write: (event: H3Event, { keys }: Services, sessionId: string) => setCookie(event, nameOf('proof'), sealProof(keys, sessionId, Date.now()), { ...options(), maxAge: codeSeconds }),
  clear: (event: H3Event) => deleteCookie(event, nameOf('proof'), options()),
}

export const shownCookie = {
  read: (event: H3Event, { keys }: Services, sessionId: string) => openShown(keys, getCookie(event, nameOf('shown')), sessionId, Date.now()),
  write: (event: H3Event, { keys }: Services, sessionId: string, code: string) => setCookie(event, nameOf('shown'), sealShown(keys, sessionId, code, Date.now()), { ...options(), maxAge: codeSeconds }),
  clear: (event: H3Event) => deleteCookie(event, nameOf('shown'), options()),
}
