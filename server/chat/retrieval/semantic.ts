import type { Locale } from '#shared/locales'

/** An article by how near its nearest line comes in meaning, 0 to 1. */
export interface Near { slug: string, similarity: number }

/** Articles near a question, nearest first; undefined while there is no model, or not yet a vector for every line. */
export type SemanticSearch = (question: string, locale: Locale) => Promise<Near[] | undefined>

/** Turns texts into vectors of length one. */
export type Embed = (texts: string[]) => Promise<Float32Array[]>

/** What outlives an edition of the articles: the vector of each line, and the languages that were asked in. */
export interface LineVectors { byText: Map<string, Float32Array>, asked: Set<Locale>, edition: number }

/** What there is before any line has a vector. */
export const noLineVectors = (): LineVectors => ({ byText: new Map(), asked: new Set(), edition: 0 })

/** A question waits for the slice that is under way: about a tenth of a second with the default model. */
const linesPerSlice = 8
/** Longer than a question takes behind a slice; after that words alone answer it. */
const patienceMs = 1000

/**
 * Search by meaning over title, summary and ask lines. They are embedded slice by slice from the first question in their language on, each
 * line once; meanwhile words alone answer. A newer edition takes over what is done and ends the work on this one.
 */
export function semanticSearch(articles: readonly { slug: string, locale: Locale, title: string, summary: string, ask: readonly string[] }[], load: () => Promise<Embed | undefined>, kept = noLineVectors()): SemanticSearch {
  const edition = ++kept.edition
  const linesOf = (locale: Locale) => articles.filter(article => article.locale === locale).flatMap(({ slug, title, summary, ask }) => [title, summary, ...ask].map(text => ({ slug, text })))
  const ready = new Map<Locale, { slug: string, vector: Float32Array }[]>()
  const begun = new Set<Locale>()
  const isOld = () => kept.edition !== edition

  const prepare = async (locale: Locale) => {
    const embed = await load()
    if (!embed || isOld()) return
    const lines = linesOf(locale)
    const missing = [...new Set(lines.map(({ text }) => text))].filter(text => !kept.byText.has(text))
    for (let from = 0; from < missing.length; from += linesPerSlice) {
      const slice = missing.slice(from, from + linesPerSlice)
      const vectors = await embed(slice)
      if (isOld()) return
      slice.forEach((text, index) => kept.byText.set(text, vectors[index]!))
    }
    ready.set(locale, lines.map(({ slug, text }) => ({ slug, vector: kept.byText.get(text)! })))
    const current = new Set(articles.flatMap(({ title, summary, ask }) => [title, summary, ...ask]))
    for (const text of kept.byText.keys()) if (!current.has(text)) kept.byText.delete(text)
  }
  const begin = (locale: Locale) => {
    if (begun.has(locale)) return
    begun.add(locale)
    kept.asked.add(locale)
    prepare(locale).catch(() => {}) // the model ended, and its loader has said so
  }
  for (const locale of kept.asked) begin(locale)

  return async (question, locale) => {
    begin(locale)
    const lines = ready.get(locale)
    const embed = lines && await load()
    const [asked] = embed ? await inTime(embed([question])) : []
    if (!lines || !asked) return undefined
    const best = new Map<string, number>()
    for (const { slug, vector } of lines) {
      const similarity = dot(vector, asked)
      if (similarity > (best.get(slug) ?? 0)) best.set(slug, similarity)
    }
    return [...best].map(([slug, similarity]) => ({ slug, similarity })).sort((one, other) => other.similarity - one.similarity)
  }
}

/** Nothing when it takes too long, or when the model ended meanwhile. */
function inTime(vectors: Promise<Float32Array[]>): Promise<Float32Array[]> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve([]), patienceMs)
    vectors.then(resolve, () => resolve([])).finally(() => clearTimeout(timer))
  })
}

/** A plain loop: over a thousand articles `reduce` takes ten times as long. */
function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!
  return sum
}
