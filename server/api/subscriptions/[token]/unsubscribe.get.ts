import { defineEventHandler, getRouterParam, sendNoContent, setResponseHeaders } from 'h3'
import { requestFacts } from '../../../http/request-facts.ts'

/** Links are opened by scanners too: a GET changes nothing and leads to the page with the button (RULES G4). */
export default defineEventHandler((event) => {
  const token = encodeURIComponent(getRouterParam(event, 'token', { decode: true }) ?? '')
  setResponseHeaders(event, { 'cache-control': 'no-store', 'location': `/${requestFacts(event).locale}/alerts/subscriptions/${token}` })
  return sendNoContent(event, 303)
})
