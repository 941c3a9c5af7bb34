import type { Feed } from './write-feed.ts'

/**
 * The same feed as JSON Feed 1.1 (`application/feed+json`): for whoever reads JSON and not XML.
 * @param self the address of this form
 * @see https://www.jsonfeed.org/version/1.1/
 */
export function writeJsonFeed({ title, page, author, language, entries }: Feed, self: string): string {
  return `${JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1', title, home_page_url: page, feed_url: self, language, authors: [{ name: author }],
    items: entries.map(({ id, link, title: headline, text, summary, updated, published, links = [] }) => ({
      id, url: link, title: headline, summary, content_text: text, date_published: published ?? updated, date_modified: updated,
      attachments: links.length ? links.map(({ href, type, title: name }) => ({ url: href, mime_type: type, title: name })) : undefined,
    })),
  })}\n`
}
