import { defineEventHandler, getRequestHeader, sendNoContent, setResponseHeaders } from 'h3'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { canonicalJson } from '#server/domain/trust/canonical-json'
import { listRoots } from '#server/domain/trust/publish-roots'
import { entityTag, isHeld } from '#server/standards/atom/entity-tag'
import { feedMediaType, writeFeed } from '#server/standards/atom/write-feed'
import { config } from '../../config.ts'
import { getServices } from '../../services.ts'

/** The signed roots as a feed: whoever subscribes keeps copies that the station cannot change. A month of them. */
export default defineEventHandler(async (event) => {
  const services = await getServices()
  const { publicUrl } = config()
  const roots = (await listRoots(services)).slice(0, 31)
  const { station } = await getReferenceData(services)
  const feed = writeFeed({
    id: `${publicUrl}/feeds/roots.atom`, self: `${publicUrl}/feeds/roots.atom`, title: `${station?.name.zh ?? ''} ${station?.name.en ?? ''}: daily roots`.trim(), author: station?.name.en ?? 'Linli',
    updated: roots[0]?.publishedAt ?? '2026-01-01T00:00:00Z',
    entries: roots.map(root => ({ id: `${publicUrl}/verify/roots.json#${root.day}`, title: `${root.day} ${root.root}`, updated: root.publishedAt, link: `${publicUrl}/verify/roots.json`, text: canonicalJson(root) })),
  })
  const etag = entityTag(feed)
  setResponseHeaders(event, { etag, 'cache-control': 'public, max-age=300', 'content-type': `${feedMediaType}; charset=utf-8` })
  if (isHeld(getRequestHeader(event, 'if-none-match'), etag)) return sendNoContent(event, 304)
  return feed
})
