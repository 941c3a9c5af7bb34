import { defineEventHandler, getRequestHeader, sendRedirect, setResponseHeaders } from 'h3'
import { negotiateLocale } from '../http/locale.ts'

/** The bare address goes to the best language. */
export default defineEventHandler((event) => {
  setResponseHeaders(event, { 'vary': 'accept-language', 'cache-control': 'no-cache' })
  return sendRedirect(event, `/${negotiateLocale(getRequestHeader(event, 'accept-language'))}`, 302)
})
