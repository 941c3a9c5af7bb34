import type { H3Event } from 'h3'

/** The pattern of a request's route, `/:locale/reports/:reference`, never its path: a path can name a report. */
export function routePattern(event: H3Event): string {
  const page: unknown = event.context.pagePattern
  if (typeof page === 'string') return page
  return event.context.matchedRoute?.path ?? 'none'
}
