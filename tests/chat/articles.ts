import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { SearchedArticle } from '#server/chat/retrieval/article-index'
import type { Locale } from '#shared/locales'

const folder = path.resolve(import.meta.dirname, '../../supabase/seeds/knowledge')

/** The articles that are shipped, as the index gets them. */
export function shippedArticles(locale: Locale): SearchedArticle[] {
  return readdirSync(path.join(folder, locale)).filter(name => name.endsWith('.md')).sort().map((name) => {
    const [, head = '', body = ''] = readFileSync(path.join(folder, locale, name), 'utf8').split(/^---$/m)
    const field = (key: string) => new RegExp(`^${key}: *(.*)$`, 'm').exec(head)?.[1]?.trim() ?? ''
    const ask = [...head.matchAll(/^ {2}- (.*)$/gm)].map(([, line = '']) => line.trim())
    return { slug: name.replace('.md', ''), title: field('title'), summary: field('summary'), ask, body: body.trim() }
  })
}
