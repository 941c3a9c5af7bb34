import { getArticles, type Articles } from '#server/domain/knowledge/get-articles'
import type { Services } from '#server/domain/services'
import { articleFinder, type ArticleFinder } from './article-finder.ts'
import { noLineVectors, semanticSearch, type Embed, type LineVectors } from './semantic.ts'

interface Kept { version: string, finder?: ArticleFinder, next: Promise<ArticleFinder> }
const kept = new WeakMap<Services, Kept>()
/** By model: whoever publishes one article does not wait for the vectors of all others. */
const vectors = new WeakMap<() => Promise<Embed | undefined>, LineVectors>()

/**
 * The finder over what is published now. After a change the last one answers until the new index stands, without what was taken away;
 * only the first question of a process waits for one.
 * @param loadModel for search by meaning; words alone without it
 */
export async function publishedFinder(services: Services, loadModel?: () => Promise<Embed | undefined>): Promise<ArticleFinder> {
  const articles = await getArticles(services)
  const known = kept.get(services)
  if (known?.version === articles.version) return known.finder ? still(known.finder, articles) : known.next
  const next = articleFinder(articles.rows, loadModel && semanticSearch(articles.rows, loadModel, vectorsOf(loadModel)))
  const own: Kept = { version: articles.version, next, ...(known?.finder && { finder: known.finder }) }
  kept.set(services, own)
  next.then((finder) => { own.finder = finder }, () => { if (kept.get(services) === own) kept.delete(services) })
  return own.finder ? still(own.finder, articles) : next
}

function vectorsOf(loadModel: () => Promise<Embed | undefined>): LineVectors {
  const known = vectors.get(loadModel) ?? noLineVectors()
  vectors.set(loadModel, known)
  return known
}

/** A finder of before, without what residents may no longer read. */
function still(finder: ArticleFinder, { bySlug }: Articles): ArticleFinder {
  const only = <Found extends { slug: string }>(found: Found[]) => found.filter(({ slug }) => bySlug.has(slug))
  return {
    read: (slug, locale) => bySlug.has(slug) ? finder.read(slug, locale) : undefined,
    list: (question, locale) => only(finder.list(question, locale)),
    async find(question, locale) {
      const { decision, confidence, articles: found } = await finder.find(question, locale)
      const articles = only(found)
      if (articles[0] === found[0]) return { decision, confidence, articles }
      return { decision: articles.length ? 'choices' : 'none', confidence: 0, articles }
    },
  }
}
