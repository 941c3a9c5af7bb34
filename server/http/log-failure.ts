import type { H3Event } from 'h3'
import type { AppError } from '#shared/errors'
import { log } from './log.ts'
import { requestId } from './request-facts.ts'
import { routePattern } from './route-pattern.ts'

/** Logs what we did not foresee, once, at the edge. A refusal from the list is no failure: the request log has its status. */
export function logFailure(event: H3Event, error: AppError) {
  if (error.statusCode < 500) return
  log().error({ requestId: requestId(event), method: event.method, route: routePattern(event), code: error.code, err: error.cause ?? error }, 'request failed')
}
