import { describe, expect, it } from 'vitest'
import { writeFeed, type Feed } from '#server/standards/atom/write-feed'

const aFeed = (changes: Partial<Feed> = {}): Feed => ({
  id: 'https://linli.example/feeds/roots.atom', self: 'https://linli.example/feeds/roots.atom', title: 'Daily roots', author: 'Ping\'an', updated: '2026-11-21T16:00:00Z',
  entries: [{ id: 'https://linli.example/verify/roots.json#2026-11-21', title: '2026-11-21', updated: '2026-11-21T16:00:00Z', link: 'https://linli.example/verify/roots.json', text: '{"day":"2026-11-21"}' }], ...changes,
})

interface Element { name: string, attributes: Record<string, string>, children: Element[], text: string }
const plain = (text: string) => text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))

/** Reads a document strictly: every tag closed in its order, no bare sign that XML forbids. @throws when it is not well-formed */
function readXml(xml: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [top]
  const rest = xml.replace(/^<\?xml version="1\.0" encoding="utf-8"\?>\n/, '')
  for (const [, closing, name, attributes = '', alone, text] of rest.matchAll(/<(\/?)([\w:]+)((?: [\w:]+="[^"<]*")*)(\/?)>|([^<]+)/g)) {
    const here = open.at(-1)!
    if (text !== undefined) {
      if (/&(?!#\d+;)|>/.test(text)) throw new Error(`a bare sign in ${text}`)
      here.text += plain(text)
    }
    else if (closing) {
      if (here.name !== name) throw new Error(`${name} closes ${here.name}`)
      open.pop()
    }
    else {
      const element: Element = { name: name ?? '', attributes: Object.fromEntries([...attributes.matchAll(/ ([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key, plain(value ?? '')])), children: [], text: '' }
      here.children.push(element)
      if (!alone) open.push(element)
    }
  }
  if (open.length !== 1 || top.children.length !== 1) throw new Error('not one whole document')
  return top.children[0]!
}
const child = (element: Element | undefined, name: string) => element?.children.find(one => one.name === name)

describe('an Atom feed (RFC 4287)', () => {
  it('has what section 4.1.1 asks of a feed and 4.1.2 of an entry, in its namespace', () => {
    const feed = readXml(writeFeed(aFeed()))
    const entry = child(feed, 'entry')

    expect([feed.name, feed.attributes.xmlns]).toEqual(['feed', 'http://www.w3.org/2005/Atom'])
    expect(feed.children.map(({ name }) => name)).toEqual(['id', 'title', 'updated', 'author', 'link', 'entry'])
    expect(child(child(feed, 'author'), 'name')?.text).toBe('Ping\'an')
    expect(child(feed, 'link')?.attributes).toEqual({ rel: 'self', type: 'application/atom+xml', href: 'https://linli.example/feeds/roots.atom' })
    expect(entry?.children.map(({ name }) => name)).toEqual(['id', 'title', 'updated', 'link', 'content'])
    expect(child(entry, 'link')?.attributes.rel).toBe('alternate')
    expect(child(entry, 'content')).toMatchObject({ attributes: { type: 'text' }, text: '{"day":"2026-11-21"}' })
  })

  it('carries every sign that XML knows as itself', () => {
    const text = '<b>"Ping\'an" & </entry>]]></b>'
    const [entry] = aFeed().entries
    const feed = readXml(writeFeed(aFeed({ title: text, entries: [{ ...entry!, text, link: 'https://linli.example/?a=1&b="2"' }] })))

    expect(child(feed, 'title')?.text).toBe(text)
    expect(child(child(feed, 'entry'), 'content')?.text).toBe(text)
    expect(child(child(feed, 'entry'), 'link')?.attributes.href).toBe('https://linli.example/?a=1&b="2"')
  })

  it('without entries is still a feed', () => {
    expect(child(readXml(writeFeed(aFeed({ entries: [] }))), 'entry')).toBeUndefined()
  })
})
