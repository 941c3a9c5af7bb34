import { getRequestHeader, type H3Event } from 'h3'
import { config } from '../config.ts'

interface Site {
  publicUrl: string
  port: number
  isDemo: boolean
}

/**
 * Did one of our own pages send this? `Sec-Fetch-Site` decides if it is there, else `Origin` has to be ours; without both
 * the answer is no (RULES G1). `none` is the person's own doing (reload, bookmark): no other site can cause it.
 */
export function isSameOrigin(headers: { secFetchSite?: string, origin?: string }, site: Site): boolean {
  if (headers.secFetchSite) return headers.secFetchSite === 'same-origin' || headers.secFetchSite === 'none'
  if (!headers.origin) return false
  return headers.origin === site.publicUrl || (site.isDemo && loopbackOrigins(site.port).includes(headers.origin))
}

const loopbackOrigins = (port: number) => ['localhost', '127.0.0.1', '[::1]'].map(host => `http://${host}:${port}`)

/** The same question about a request. */
export function isFromOwnPage(event: H3Event): boolean {
  return isSameOrigin({ secFetchSite: getRequestHeader(event, 'sec-fetch-site'), origin: getRequestHeader(event, 'origin') }, config())
}

/** Does the request say that another site sent it? A script or an app says nothing, and may. */
export function isForeign(event: H3Event): boolean {
  const [secFetchSite, origin] = [getRequestHeader(event, 'sec-fetch-site'), getRequestHeader(event, 'origin')]
  return Boolean(secFetchSite || origin) && !isFromOwnPage(event)
}

/** Did a link or a form of ours lead here? Only for what is said then: a browser of before 2020 tells it by `Referer`, which others may forge. */
export function cameFromOwnPage(event: H3Event): boolean {
  const [secFetchSite, referer] = [getRequestHeader(event, 'sec-fetch-site'), getRequestHeader(event, 'referer')]
  if (secFetchSite) return secFetchSite === 'same-origin'
  return referer !== undefined && URL.canParse(referer) && isSameOrigin({ origin: new URL(referer).origin }, config())
}
