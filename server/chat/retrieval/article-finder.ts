import { localeCodes, type Locale } from '#shared/locales'
import { buildArticleIndex, type ArticleIndex, type SearchedArticle } from './article-index.ts'
import { decide, type Decision } from './confidence.ts'
import { fuse } from './fuse.ts'
import { isOffTopic } from './off-topic.ts'
import type { SemanticSearch } from './semantic.ts'
import { isMostlyHan } from './tokenize-cjk.ts'

export interface FoundArticle { slug: string, title: string, summary: string }

/** What was found for a question. `answer`: the first one answers it; `choices`: one of them may; `none`: a person should. */
export interface Finding { decision: Decision, confidence: number, articles: FoundArticle[] }

export interface ArticleFinder {
  /** What answers. @param locale of the answer; the question may be in another language */
  find: (question: string, locale: Locale) => Promise<Finding>
  /** What has the words of a question, for a reader who chooses: the reader's language first, each article once, in the language it was found in. */
  list: (question: string, locale: Locale) => { slug: string, locale: Locale }[]
  read: (slug: string, locale: Locale) => FoundArticle | undefined
}

/** A list is of so many at most, and so much of what a question weighs has to be said in each: "how do I" alone finds nothing. */
const listed = 12
const leastCover = 0.4
/** A model has an opinion on every article: only so many of its nearest count, and none that is far, or whatever the words name would come before what it alone finds. */
const [fusedNear, leastNear] = [10, 0.3]

export interface LocalisedArticle extends SearchedArticle { locale: Locale }

/**
 * A finder over the articles of all languages. A question in Chinese characters is looked for among Chinese articles, whatever
 * language the answer is in: the slug is the same.
 * @param semantic fused with the words when a model is there
 */
export async function articleFinder(articles: readonly LocalisedArticle[], semantic?: SemanticSearch): Promise<ArticleFinder> {
  const own = (locale: Locale) => articles.filter(article => article.locale === locale)
  const indexes: Record<Locale, ArticleIndex> = { zh: await buildArticleIndex('zh', own('zh')), en: await buildArticleIndex('en', own('en')) }
  const texts = new Map(articles.map(article => [`${article.slug}/${article.locale}`, article]))
  const read = (slug: string, locale: Locale): FoundArticle | undefined => {
    const found = texts.get(`${slug}/${locale}`) ?? texts.get(`${slug}/zh`) ?? texts.get(`${slug}/en`)
    return found && { slug, title: found.title, summary: found.summary }
  }
  return {
    read,
    list(question, locale) {
      const found = [locale, ...localeCodes.filter(code => code !== locale)].flatMap(code => indexes[code].search(question).filter(({ cover }) => cover >= leastCover)
        // A title, or a line of an article, word for word: that one is meant.
        .sort((one, other) => Number(other.line > 0.999) - Number(one.line > 0.999)).map(({ slug }) => ({ slug, locale: code })))
      return found.filter(({ slug }, at) => found.findIndex(each => each.slug === slug) === at).slice(0, listed)
    },
    async find(question, locale) {
      const asked: Locale = isMostlyHan(question) ? 'zh' : /[a-z]{2}/i.test(question) ? 'en' : locale
      const lexical = indexes[asked].search(question)
      const near = await semantic?.(question, asked)
      const known = { locale: asked, isOffTopic: isOffTopic(question, asked) }
      const byWords = decide(lexical, known)
      const { decision, confidence } = near ? decide(lexical, { ...known, near }) : byWords
      const lists = [lexical, (near ?? []).slice(0, fusedNear).filter(({ similarity }) => similarity >= leastNear)].map(list => list.map(({ slug }) => slug))
      // Where both rank alike, the one that knows something comes first.
      const fused = fuse(...byWords.decision === 'none' ? lists.toReversed() : lists)
      // What the words are sure of stays first: a poor model must not spoil what is known to be good.
      const ranked = byWords.decision === 'answer' ? [...new Set([...lists[0]!.slice(0, 1), ...fused])] : fused
      return { decision, confidence, articles: ranked.slice(0, 3).map(slug => read(slug, locale)).filter(found => found !== undefined) }
    },
  }
}
