import MarkdownIt from 'markdown-it'
import { articleHref, isArticleLink } from '#shared/knowledge/article-links'
import { localeCodes, type Locale } from '#shared/locales'

/** Public numbers that an article may name: on a phone, one tap dials them. 12110 takes text messages. */
const numbers = ['110', '119', '120', '122', '10000', '10010', '10086', '10099', '12110', '12123', '12306', '12309', '12315', '12333', '12338', '12345', '12348', '12355', '12356', '12360', '12367', '12377', '12389', '95017', '95188', '96110', '96119']
const numberPattern = new RegExp(`(?<![\\d.-])(${numbers.join('|')})(?![\\d-]|\\.\\d)`, 'g')

/*
  Markdown as articles use it and nothing more: paragraphs, headings, lists, bold, links. Raw HTML, images, code and tables are not even parsed,
  so what is not on the list comes out as the letters that were typed.
*/
function markdownIn(locale: Locale) {
  const markdown = new MarkdownIt('zero', { html: false, linkify: false, typographer: false })
    .enable(['heading', 'list', 'emphasis', 'link', 'newline', 'escape', 'balance_pairs', 'fragments_join'])
  markdown.validateLink = isArticleLink
  // A link inside the site gets the reader's language; one to a page that is not built yet, or to an article taken away, leaves its words.
  markdown.core.ruler.push('article_links', (state) => {
    for (const token of state.tokens) {
      const open: boolean[] = []
      token.children = token.children?.flatMap((child) => {
        if (child.type === 'link_close') return open.pop() ? [child] : []
        if (child.type === 'text' && open.length === 0) return withNumbers(child.content, (type, tag, nesting) => new state.Token(type, tag, nesting))
        if (child.type !== 'link_open') return [child]
        const wanted = String(child.attrGet('href') ?? '')
        const [, slug] = /^\/safety\/([^/]+)$/.exec(wanted) ?? []
        const href = slug === undefined || isPublished(state.env?.published, slug) ? articleHref(wanted, locale) : undefined
        open.push(href !== undefined)
        if (href === undefined) return []
        child.attrSet('href', href)
        if (href.startsWith('https:')) child.attrSet('rel', 'noopener noreferrer')
        return [child]
      }) ?? null
    }
  })
  return markdown
}
const renderers = new Map(localeCodes.map(code => [code, markdownIn(code)]))

interface Token { content: string, attrs: [string, string | number][] | null }

/** Splits a text round the numbers in it, each a link to dial. */
function withNumbers<Made extends Token>(text: string, make: (type: string, tag: string, nesting: 1 | 0 | -1) => Made): Made[] {
  return text.split(numberPattern).flatMap((part, index) => {
    const words = make('text', '', 0)
    words.content = part
    if (index % 2 === 0) return [words]
    const open = make('link_open', 'a', 1)
    open.attrs = [['href', part === '12110' ? 'sms:12110' : `tel:${part}`]]
    return [open, words, make('link_close', 'a', -1)]
  })
}

const isPublished = (published: unknown, slug: string) => !(published instanceof Map) || published.has(slug)

/**
 * The HTML of an article's body. Headings begin at h2: the title is the page's h1.
 * @param published what residents can open: a link to an article that was taken away leaves its words
 */
export function renderArticle(body: string, locale: Locale, published?: Map<string, unknown>): string {
  return (renderers.get(locale) ?? markdownIn(locale)).render(body, { published })
}

/** Addresses in the text that lead nowhere, now or later. */
export function brokenLinks(body: string): string[] {
  return [...body.matchAll(/\]\(([^)\s]*)\)/g)].map(([, href = '']) => href).filter(href => !isArticleLink(href))
}

/** Is a number for emergencies the first thing that it says? Then the page shows it as a button. */
export const isUrgent = (body: string): boolean => /(?<!\d)(110|119|120)(?!\d)/.test(body.trim().split('\n\n')[0] ?? '')
