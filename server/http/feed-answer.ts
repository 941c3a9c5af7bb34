import { getRequestHeader, sendNoContent, setResponseHeaders, type H3Event } from 'h3'
import { entityTag, isHeld } from '#server/standards/atom/entity-tag'

/** How long others may keep an answer before they ask again whether it is the same, in seconds. An alert has to be on a feed within two (issue 6, It shows 5). */
const keptSeconds = 0

/** Answers with a document that feed readers and other systems fetch again and again: 304 without a body when they hold it. */
export function answerFeed(event: H3Event, body: string, mediaType: string): string | undefined {
  const etag = entityTag(body)
  setResponseHeaders(event, { etag, 'cache-control': `public, max-age=${keptSeconds}, must-revalidate`, 'content-type': `${mediaType}; charset=utf-8`, 'access-control-allow-origin': '*' })
  if (!isHeld(getRequestHeader(event, 'if-none-match'), etag)) return body
  sendNoContent(event, 304)
  return undefined
}
