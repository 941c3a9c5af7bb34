import { element, textElement, writeXml, type XmlChild, type XmlNode } from '../xml/write-xml.ts'

/** A link beside the page of an entry: the same thing in another form (RFC 4287 §4.2.7). At most one of a type and language. */
export interface FeedLink { rel: 'alternate' | 'enclosure' | 'related', type: string, href: string, title?: string }
export interface FeedEntry {
  /** Permanent: the same for good (§4.2.6). */
  id: string
  title: string
  updated: string
  published?: string
  link: string
  text: string
  summary?: string
  links?: readonly FeedLink[]
  /** Elements of another namespace (§6.4). */
  extensions?: readonly XmlNode[]
}

/** A feed in the parts that ours need. Times are ISO 8601. */
export interface Feed {
  id: string, title: string, updated: string, self: string, author: string, entries: readonly FeedEntry[]
  /** The page that shows the same. */
  page?: string
  /** BCP 47. */
  language?: string
  /** Prefix → namespace of the extensions. */
  namespaces?: Readonly<Record<string, string>>
}

export const feedMediaType = 'application/atom+xml'

/**
 * Writes an Atom feed.
 * @see https://www.rfc-editor.org/rfc/rfc4287
 */
export function writeFeed({ id, title, updated, self, author, entries, page, language, namespaces = {} }: Feed): string {
  const extensions = Object.fromEntries(Object.entries(namespaces).map(([prefix, namespace]) => [`xmlns:${prefix}`, namespace]))
  return writeXml(element('feed', { 'xmlns': 'http://www.w3.org/2005/Atom', ...extensions, 'xml:lang': language },
    textElement('id', id),
    element('title', {}, title),
    textElement('updated', updated),
    element('author', {}, textElement('name', author)),
    element('link', { rel: 'self', type: feedMediaType, href: self }),
    page === undefined ? undefined : element('link', { rel: 'alternate', type: 'text/html', href: page }),
    ...entries.map(entryElement),
  ))
}

function entryElement({ id, title, updated, published, link, text, summary, links = [], extensions = [] }: FeedEntry): XmlChild {
  return element('entry', {},
    textElement('id', id),
    element('title', {}, title),
    textElement('updated', updated),
    textElement('published', published),
    element('link', { rel: 'alternate', type: links.length ? 'text/html' : undefined, href: link }),
    ...links.map(({ rel, type, href, title: name }) => element('link', { rel, type, href, title: name })),
    textElement('summary', summary),
    element('content', { type: 'text' }, text),
    ...extensions,
  )
}
