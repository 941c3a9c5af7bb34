import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseArticle, readArticleSeeds } from '../../supabase/embedded/article-seeds.ts'

const file = (related = 'dogs', title = 'A title: with a colon') => `---\ntitle: ${title}\nsummary: One sentence.\nask:\n  - how is it\n  - 怎么办\nrelated: [${related}]\n---\nThe text.\n\n## More\n`
let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'linli-articles-'))
  for (const locale of ['zh', 'en']) mkdirSync(path.join(folder, locale))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(index: unknown, files: Record<string, string>) {
  writeFileSync(path.join(folder, 'index.json'), JSON.stringify(index))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
}

describe('the files of the knowledge base', () => {
  it('are read in the order of the index, both languages together', async () => {
    write({ theft: { 'b-article': '2026-11-22', 'a-article': '2026-11-21' } }, { 'zh/a-article.md': file(), 'en/a-article.md': file(), 'zh/b-article.md': file(''), 'en/b-article.md': file('') })

    expect(await readArticleSeeds(folder)).toMatchObject([
      { slug: 'b-article', topic: 'theft', related: [], reviewed_on: '2026-11-22' },
      { slug: 'a-article', related: ['dogs'], texts: { en: { title: 'A title: with a colon', ask: ['how is it', '怎么办'], body: 'The text.\n\n## More' } } },
    ])
  })

  it.each([
    ['no questions', file().replace(/ask:\n( {2}- .+\n)+/, 'ask:\n')], ['no head', 'The text.'], ['no text', file().replace(/The text[\s\S]*/, '')], ['a word that nobody reads', file().replace('related:', 'author: me\nrelated:')],
  ])('one with %s is refused by its name', (_, text) => {
    expect(() => parseArticle(text, 'zh/odd.md')).toThrow('zh/odd.md')
  })

  it('one that is in no index, or whose languages name other articles, is refused by its name', async () => {
    write({ theft: {} }, { 'en/forgotten.md': file() })
    await expect(readArticleSeeds(folder)).rejects.toThrow('en/forgotten.md')

    rmSync(path.join(folder, 'en/forgotten.md'))
    write({ theft: { uneven: '2026-11-22' } }, { 'zh/uneven.md': file('dogs'), 'en/uneven.md': file('cats') })
    await expect(readArticleSeeds(folder)).rejects.toThrow('uneven')
  })
})
