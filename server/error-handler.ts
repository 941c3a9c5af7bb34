import { getRequestHeader, send, setResponseHeader, setResponseStatus, type H3Error, type H3Event } from 'h3'
import { STATUS_CODES } from 'node:http'
import { localeOfPath, requestLocale } from './http/locale.ts'
import { logFailure } from './http/log-failure.ts'
import { toAppError, toProblem } from './http/to-problem.ts'

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
  if (wantsPage(event)) {
    // An address in no language of ours: error.vue speaks the reader's.
    if (!localeOfPath(event.path)) event._path = event.node.req.originalUrl = `/${requestLocale(event)}${event.path}`
    return
  }
  setResponseStatus(event, found.statusCode)
  setResponseHeader(event, 'content-type', 'application/problem+json; charset=utf-8')
  await send(event, JSON.stringify(toProblem(found, requestLocale(event))))
}

function wantsPage(event: H3Event): boolean {
  if (event.path.startsWith('/api/')) return false
  return '__unenv__' in event.node.req || !/\bjson\b/.test(getRequestHeader(event, 'accept') ?? '')
}
