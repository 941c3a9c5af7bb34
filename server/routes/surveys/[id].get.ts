import { defineEventHandler, getQuery, getRequestHeader, getRouterParam, sendRedirect, setResponseHeaders } from 'h3'
import { negotiateLocale } from '../../http/locale.ts'

/** The address on a letter names no language: whoever scans it reads the page in the one of their phone. */
export default defineEventHandler((event) => {
  setResponseHeaders(event, { 'vary': 'accept-language', 'cache-control': 'private, no-store' })
  const { link } = getQuery(event)
  return sendRedirect(event, `/${negotiateLocale(getRequestHeader(event, 'accept-language'))}/surveys/${encodeURIComponent(getRouterParam(event, 'id') ?? '')}${typeof link === 'string' ? `?link=${encodeURIComponent(link)}` : ''}`, 302)
})
