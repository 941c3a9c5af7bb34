import type { H3Event } from 'h3'
import { randomUUID } from 'node:crypto'
import type { Locale } from '#shared/locales'
import { clientAddress } from './client-address.ts'
import { requestLocale } from './locale.ts'

/** What every surface tells a use case about the request itself. */
export interface RequestFacts {
  event: H3Event
  requestId: string
  locale: Locale
  /** Whom limits count: personal data, for a keyed hash only. */
  address: string
}

export function requestFacts(event: H3Event): RequestFacts {
  return { event, requestId: requestId(event), locale: requestLocale(event), address: clientAddress(event) }
}

/** Names one request in the log and on an error page. */
export function requestId(event: H3Event): string {
  const known: unknown = event.context.requestId
  if (typeof known === 'string') return known
  const fresh = randomUUID()
  event.context.requestId = fresh
  return fresh
}
