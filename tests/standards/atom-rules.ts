/* What RFC 4287 and CAP Feeds 1.0 ask for beyond the schema. */
import { childrenOf, readXml, textOf, type ReadElement } from '#server/standards/xml/read-xml'

const isTime = (text: string | undefined) => text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
const isIri = (text: string | undefined) => text !== undefined && /^[a-z][a-z0-9+.-]*:\S+$/i.test(text)

/** The rules that a feed breaks; empty when it breaks none. */
export function atomProblems(xml: string): string[] {
  let feed: ReadElement
  try { feed = readXml(xml, 'feed') }
  catch (error) { return [`not readable: ${String(error)}`] }
  const entries = childrenOf(feed, 'entry')
  const ids = entries.map(entry => textOf(entry, 'id'))
  return [
    ...[feed, ...entries].flatMap(each => [
      ...isIri(textOf(each, 'id')) ? [] : ['§4.2.6 id: an absolute IRI'],
      ...isTime(textOf(each, 'updated')) ? [] : ['§3.3: times as in RFC 3339'],
      ...alternates(each),
    ]),
    ...new Set(ids).size < ids.length ? ['§4.1.1: each entry id once'] : [],
    ...childrenOf(feed, 'link').some(({ attributes }) => attributes.rel === 'self') ? [] : ['§4.1.1: a feed should link to itself'],
    ...childrenOf(feed, 'author').length || entries.every(entry => childrenOf(entry, 'author').length) ? [] : ['§4.1.1: an author, of the feed or of every entry'],
    ...entries.some(entry => Date.parse(textOf(entry, 'updated') ?? '') > Date.parse(textOf(feed, 'updated') ?? '')) ? ['the feed is as new as its newest entry'] : [],
    ...entries.every(entry => childrenOf(entry, 'link').some(({ attributes }) => attributes.type === 'application/cap+xml' && isIri(attributes.href))) ? [] : ['CAP Feeds §3: every entry links to its CAP message'],
  ]
}

function alternates(element: ReadElement): string[] {
  const kinds = childrenOf(element, 'link').filter(({ attributes }) => (attributes.rel ?? 'alternate') === 'alternate').map(({ attributes }) => `${attributes.type} ${attributes.hreflang}`)
  return new Set(kinds).size < kinds.length ? ['§4.1.1: one alternate link of a type and language'] : []
}
