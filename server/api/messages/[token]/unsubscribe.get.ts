import { defineEventHandler, getRouterParam, sendRedirect, setResponseHeader } from 'h3'
import { requestFacts } from '#server/http/request-facts'

/** Links are opened by scanners too: a GET changes nothing and leads to the page with the button (RULES G4). */
export default defineEventHandler((event) => {
  setResponseHeader(event, 'cache-control', 'no-store')
  return sendRedirect(event, `/${requestFacts(event).locale}/messages/${encodeURIComponent(getRouterParam(event, 'token', { decode: true }) ?? '')}`, 303)
})
