import { deleteCookie, getCookie, setCookie, type H3Event } from 'h3'
import { config } from '../config.ts'

const isSecure = () => config().publicUrl.startsWith('https:')
const name = () => isSecure() ? '__Host-linli-chat' : 'linli-chat'
const options = () => ({ httpOnly: true, secure: isSecure(), sameSite: 'lax', path: '/' }) as const

/** The secret of this browser's conversation. It goes with the browser window; the conversation itself after thirty idle days. */
export const chatCookie = {
  read: (event: H3Event) => getCookie(event, name()),
  write: (event: H3Event, secret: string) => setCookie(event, name(), secret, options()),
  clear: (event: H3Event) => deleteCookie(event, name(), options()),
}
