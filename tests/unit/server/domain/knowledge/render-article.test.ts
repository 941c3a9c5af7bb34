import { readArticleSeeds } from '../../../../../supabase/embedded/article-seeds.ts'
import { repositoryFolders } from '../../../../../supabase/embedded/migrate.ts'
import { describe, expect, it } from 'vitest'
import { articleHref, isArticleLink } from '#shared/knowledge/article-links'
import { articleLimits, articleTextSchema } from '#shared/knowledge/article-schema'
import { attachmentLimits } from '#shared/reports/attachment'
import { articleTopics } from '#shared/knowledge/topics'
import { brokenLinks, isUrgent, renderArticle } from '#server/domain/knowledge/render-article'

const seeds = await readArticleSeeds(`${repositoryFolders.seeds}/knowledge`)
const texts = seeds.flatMap(({ slug, texts }) => Object.entries(texts).map(([locale, text]) => ({ name: `${locale}/${slug}`, locale: locale === 'zh' ? 'zh' as const : 'en' as const, slug, text })))

describe('an article\'s text', () => {
  it('becomes paragraphs, headings, lists, bold and links', () => {
    expect(renderArticle('**Now** call.\n\n## Then\n1. [Report](/reports/new)\n2. wait\n\n- a\n- b', 'en'))
      .toBe('<p><strong>Now</strong> call.</p>\n<h2>Then</h2>\n<ol>\n<li><a href="/en/reports/new">Report</a></li>\n<li>wait</li>\n</ol>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n')
  })

  it.each([
    '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '![x](javascript:alert(1))', '[x](javascript:alert(1))', '[x](JaVaScript:alert(1))', '[x](data:text/html,<script>1</script>)', '[x](//evil.example)',
    '[x](/\\evil.example)', '<a href="javascript:1">x</a>', '[x](vbscript:1)', '[x]( javascript:1)', '[x](&#106;avascript:1)', '`<b>`', '<!-- x -->', '[x](/reports/new"onclick="1)', '[x](http://plain.example)',
  ])('holds no HTML of its own and no link to run: %s', (text) => {
    const html = renderArticle(text, 'en')

    expect(html.replaceAll(/<\/?(p|h[2-6]|ul|ol|li|strong|em)>/g, '')).not.toMatch(/<(?!a href="\/(en|zh)\/[a-z/-]*">|\/a>)/)
    expect(html).not.toMatch(/href="(?!\/en\/)/)
  })

  it('links inside the site lead to the reader\'s language, those to another site are held at arm\'s length', () => {
    expect(renderArticle('[x](/safety/dogs)', 'zh')).toContain('href="/zh/safety/dogs"')
    expect(renderArticle('[x](https://www.gov.cn/)', 'zh')).toBe('<p><a href="https://www.gov.cn/" rel="noopener noreferrer">x</a></p>\n')
  })

  it('an article that the station took away leaves its words without a link', () => {
    const published = new Map([['dogs', {}]])

    expect(renderArticle('[x](/safety/dogs) [y](/safety/drugs) [z](/safety)', 'zh', published)).toBe('<p><a href="/zh/safety/dogs">x</a> y <a href="/zh/safety">z</a></p>\n')
  })

  it('a page that is not built yet leaves its words without a link', () => {
    expect(articleHref('/ratings', 'en', ['reports'])).toBeUndefined()
    expect(articleHref('/ratings', 'en', ['reports', 'ratings'])).toBe('/en/ratings')
    expect(articleHref('/nowhere', 'en')).toBeUndefined()
    expect(articleHref('/constructor', 'en')).toBeUndefined()
  })

  it('public numbers are dialled with one tap, and no other number is', () => {
    expect(renderArticle('Call 110 or text 12110, not 1100, 110-5 or 2110.', 'en')).toBe('<p>Call <a href="tel:110">110</a> or text <a href="sms:12110">12110</a>, not 1100, 110-5 or 2110.</p>\n')
    expect(renderArticle('打110，', 'zh')).toBe('<p>打<a href="tel:110">110</a>，</p>\n')
    expect(renderArticle('[call 110 here](/reports/new)', 'en')).not.toContain('tel:')
  })

  it('knows when a number to dial comes first', () => {
    expect(isUrgent('**Call 110 now.**\n\nThen this.')).toBe(true)
    expect(isUrgent('First this.\n\nCall 110.')).toBe(false)
  })

  it('names the links that lead nowhere', () => {
    expect(brokenLinks('[a](/reports/new) [b](/nowhere) [c](http://x.example) [d](/alerts)')).toEqual(['/nowhere', 'http://x.example'])
  })
})

describe('the articles that ship', () => {
  it('are as many as the service needs, each under a topic', () => {
    expect(seeds.length).toBeGreaterThanOrEqual(51)
    expect([...new Set(seeds.map(({ topic }) => topic))]).toEqual([...articleTopics])
  })

  it.each(texts)('$name keeps the rules of an article, and its links lead somewhere', ({ text }) => {
    expect(articleTextSchema.parse(text)).toEqual(text)
    expect(brokenLinks(text.body)).toEqual([])
    for (const [, slug] of text.body.matchAll(/\]\(\/safety\/([^)#]+)/g)) expect(seeds.map(seed => seed.slug)).toContain(slug)
  })

  it('name the limits that the upload has', () => {
    for (const { name, text } of texts.filter(({ slug }) => slug === 'add-evidence')) expect(text.body, name).toContain(`${attachmentLimits.bytes / 1024 / 1024} MB`)
  })

  it('name the public numbers so that one tap dials them', () => {
    const bare = texts.flatMap(({ name, locale, text }) => [...renderArticle(text.body, locale).replaceAll(/<a [^>]*>[^<]*<\/a>/g, '').matchAll(/(?<![\d.-])(1[12]\d{3}|9[56]\d{3}|11\d|12[02])(?![\d.-])/g)].map(([number]) => `${name}: ${number}`))

    expect(bare).toEqual([])
  })

  it('point to articles that are there', () => {
    const slugs = new Set(seeds.map(({ slug }) => slug))
    expect(seeds.flatMap(({ slug, related }) => related.filter(other => other === slug || !slugs.has(other) || related.length > articleLimits.related).map(other => `${slug} → ${other}`))).toEqual([])
  })

  it('have no line that stands under two of them in one language', () => {
    const seen = new Map<string, string>()
    const twice = texts.flatMap(({ locale, slug, text }) => text.ask.flatMap((line) => {
      const key = `${locale} ${line.toLowerCase()}`
      const other = seen.get(key)
      seen.set(key, slug)
      return other && other !== slug ? [`${line}: ${other}, ${slug}`] : []
    }))

    expect(twice).toEqual([])
  })

  it('link only to pages that there are, or will be', () => {
    expect([...new Set(texts.flatMap(({ text }) => [...text.body.matchAll(/\]\(([^)]+)\)/g)].map(([, href = '']) => href)))].filter(href => !isArticleLink(href))).toEqual([])
  })
})
