/** An Atom feed in the parts that ours need. Times are ISO 8601. */
export interface Feed { id: string, title: string, updated: string, self: string, author: string, entries: { id: string, title: string, updated: string, link: string, text: string }[] }

const escaped = (text: string) => text.replace(/[<>&"']/g, sign => `&#${sign.charCodeAt(0)};`)

/**
 * Writes an Atom feed.
 * @see https://www.rfc-editor.org/rfc/rfc4287
 */
export function writeFeed({ id, title, updated, self, author, entries }: Feed): string {
  const entry = (one: Feed['entries'][number]) => `<entry><id>${escaped(one.id)}</id><title>${escaped(one.title)}</title><updated>${escaped(one.updated)}</updated>`
    + `<link rel="alternate" href="${escaped(one.link)}"/><content type="text">${escaped(one.text)}</content></entry>`
  return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>${escaped(id)}</id><title>${escaped(title)}</title><updated>${escaped(updated)}</updated>`
    + `<author><name>${escaped(author)}</name></author><link rel="self" type="application/atom+xml" href="${escaped(self)}"/>${entries.map(entry).join('')}</feed>\n`
}
