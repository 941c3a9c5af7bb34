import { getRequestHeader, send, setResponseHeader, setResponseStatus, type H3Error, type H3Event } from 'h3'
import { STATUS_CODES } from 'node:http'
import { localeOfPath, requestLocale } from './http/locale.ts'
import { logFailure } from './http/log-failure.ts'
import { retryAfter, toAppError, toProblem } from './http/to-problem.ts'

/**
 * What was thrown outside our handlers. Calls get problem+json; for pages Nuxt goes on and renders error.vue. Nitro would
 * log the whole address of what it did not expect: it is logged here instead, by its pattern.
 */
export default async function handleError(error: H3Error & { fatal?: boolean, unhandled?: boolean }, event: H3Event) {
  const found = toAppError(error)
  logFailure(event, found)
  if (error.unhandled || error.fatal) {
    error.unhandled = false
    error.fatal = false
    error.message = found.code
    error.data = { code: found.code }
  }
  error.statusMessage ||= STATUS_CODES[found.statusCode]
  if (event.handled) return
  const seconds = retryAfter(found)
  if (seconds !== undefined) setResponseHeader(event, 'retry-after', seconds)
  if (wantsPage(event)) {
    // An address in no language of ours: error.vue speaks the reader's.
    if (!localeOfPath(event.path)) event._path = event.node.req.originalUrl = `/${requestLocale(event)}${event.path}`
    return
  }
  setResponseStatus(event, found.statusCode)
  setResponseHeader(event, 'content-type', 'application/problem+json; charset=utf-8')
  setResponseHeader(event, 'cache-control', 'no-store')
  await send(event, JSON.stringify(toProblem(found, requestLocale(event))))
}

/** Who asks for HTML gets a page, by the rules of Nuxt's own handler: what it takes for a call would get Nitro's JSON, which is not ours. */
function wantsPage(event: H3Event): boolean {
  if ('__unenv__' in event.node.req) return !event.path.startsWith('/api/')
  if (event.path.startsWith('/api/') || /^(curl|httpie)\//i.test(getRequestHeader(event, 'user-agent') ?? '')) return false
  const accept = getRequestHeader(event, 'accept') ?? ''
  return /\btext\/html\b/.test(accept) && !/\bjson\b/.test(accept) && getRequestHeader(event, 'sec-fetch-mode') !== 'cors'
}
