import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Sql } from './database.ts'
import { StartError } from './start-error.ts'

export type ArticleText = { title: string, summary: string, ask: string[], body: string }
export type ArticleSeed = { slug: string, topic: string, related: string[], reviewed_on: string, texts: Record<string, ArticleText> }

const locales = ['zh', 'en'] as const
/** Topic → slug → the day on which somebody last stood for its being right. */
const indexSchema = z.record(z.string(), z.record(z.string(), z.iso.date()))

/**
 * The articles that ship with Linli (RULES F2): `index.json` says under which topic, in which order, and when each was last reviewed; `zh/` and `en/` hold the texts.
 * @throws StartError naming the file that is missing or not written as the others
 */
export async function readArticleSeeds(folder: string): Promise<ArticleSeed[]> {
  const index = indexSchema.parse(JSON.parse(await readFile(path.join(folder, 'index.json'), 'utf8')))
  const entries = Object.entries(index).flatMap(([topic, slugs]) => Object.entries(slugs).map(([slug, reviewed]) => ({ slug, topic, reviewed })))
  for (const locale of locales) {
    const stranger = (await readdir(path.join(folder, locale))).find(file => !entries.some(({ slug }) => file === `${slug}.md`))
    if (stranger) throw new StartError(`The article ${locale}/${stranger} is not in index.json.`)
  }
  return Promise.all(entries.map(async ({ slug, topic, reviewed }) => {
    const read = async (locale: string) => parseArticle(await readFile(path.join(folder, locale, `${slug}.md`), 'utf8'), `${locale}/${slug}.md`)
    const [zh, en] = await Promise.all([read('zh'), read('en')])
    if (zh.related.join() !== en.related.join()) throw new StartError(`The article ${slug} names other related articles in zh than in en.`)
    return { slug, topic, related: zh.related, reviewed_on: reviewed, texts: { zh: zh.text, en: en.text } }
  }))
}

/** One file: a head of `title`, `summary`, `ask` (a line each) and `related`, then the text. Not YAML: these four and no others. */
export function parseArticle(file: string, name: string): { text: ArticleText, related: string[] } {
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file) ?? []
  const parts = /^title: (.+)\nsummary: (.+)\nask:\n((?: {2}- .+\n)+)related: \[([a-z0-9, -]*)\]$/.exec(head ?? '')
  if (!parts || !body?.trim()) throw new StartError(`The article ${name} is not written as the others: title, summary, ask, related, then the text.`)
  const [, title = '', summary = '', ask = '', related = ''] = parts
  return {
    text: { title: title.trim(), summary: summary.trim(), ask: ask.trim().split('\n').map(line => line.replace(/^\s*- /, '').trim()), body: body.trim() },
    related: related.split(',').map(slug => slug.trim()).filter(Boolean),
  }
}

/** Brings the articles of a seeds folder into the database if any of their files changed. What a station changed at its desk stays. */
export async function applyArticleSeeds(sql: Sql, folder: string): Promise<void> {
  if (!existsSync(folder)) return
  const articles = await readArticleSeeds(folder)
  const hash = createHash('sha256').update(JSON.stringify(articles)).digest('hex')
  const name = 'supabase/seeds/knowledge'
  const [known] = await sql<{ hash: string }[]>`select hash from supabase_migrations.seed_files where path = ${name}`
  if (known?.hash === hash) return
  await sql.begin(async (transaction) => {
    await shipArticles(transaction, articles)
    await transaction`insert into supabase_migrations.seed_files (path, hash) values (${name}, ${hash}) on conflict (path) do update set hash = excluded.hash`
  })
}

/** @returns the slugs whose text for residents is new */
export async function shipArticles(sql: Pick<Sql, 'unsafe'>, articles: readonly ArticleSeed[]): Promise<string[]> {
  const rows = await sql.unsafe<{ slug: string }[]>('select slug from private.ship_articles($1::text::jsonb) as slug', [JSON.stringify(articles)])
  return rows.map(({ slug }) => slug)
}
