import { defineEventHandler, getRequestHeader, getRouterParam, sendRedirect, setResponseHeaders } from 'h3'
import { negotiateLocale } from '../../../http/locale.ts'

/** The address on a poster names no language: whoever scans it reads the page in the one of their phone. */
export default defineEventHandler((event) => {
  setResponseHeaders(event, { 'vary': 'accept-language', 'cache-control': 'private, no-store' })
  return sendRedirect(event, `/${negotiateLocale(getRequestHeader(event, 'accept-language'))}/patrols/checkpoints/${encodeURIComponent(getRouterParam(event, 'code') ?? '')}`, 302)
})
