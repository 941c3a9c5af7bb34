/*
  Finding the article that answers. MiniSearch (BM25 over title, summary, ask lines and body) names candidates; among these the one
  line decides that comes closest to the question, for "people also ask it like this" is what residents' words resemble most.
*/
import MiniSearch from 'minisearch'
import type { Locale } from '#shared/locales'
import { breather } from './breather.ts'
import { phrasingsEn } from './phrasings-en.ts'
import { phrasingsZh } from './phrasings-zh.ts'
import { synonymsOf } from './synonyms.ts'
import { normalise, stem, tokenize } from './tokenize-cjk.ts'

/** What of an article is searched. `ask`: people also ask it like this. */
export interface SearchedArticle { slug: string, title: string, summary: string, ask: readonly string[], body: string }

/** An article that may answer. `line`: how near its nearest line comes, `lines`: its three nearest on the mean, 0 to 1; `cover`: how much of what the question weighs is said in the article, 0 to 1. */
export interface Candidate { slug: string, score: number, line: number, cover: number, lines: number }

const phrasings: Record<Locale, Readonly<Record<string, readonly string[]>>> = { zh: phrasingsZh, en: phrasingsEn }
const candidateCount = 20
/** A term that stands in more articles than this names none, and going through them all is what a question costs. */
const commonest = 120
const fields = ['title', 'ask', 'summary', 'body'] as const
const weights = { boost: { title: 2, ask: 4, summary: 2, body: 0.3 }, lexical: 4.9, line: 3, lines: 3.4, cover: 0.4, topic: 2 }
/** A concept says more than the characters it is written with; a sound is a guess. */
const weightOf = (term: string) => term.startsWith('=') ? 3 : term.startsWith('~') ? 0.7 : term.includes('_') ? 0.6 : 1

/** How often an article says a term, and in which of its lines. */
interface Mention { count: number, lines: number[] }

/** What questions resemble: the title, the ask lines, the summary. */
const linesOf = ({ title, ask, summary }: Omit<ReadArticle, 'body'>) => [title, ...ask, summary]

/** What an article says, as terms. */
interface ReadArticle { title: string[], summary: string[], ask: string[][], body: string[][] }

/**
 * An index over the articles of one language, made once for a version of the articles: 51 of them take about 0.1 s, a thousand two.
 * Others have their turn in between: the portal answers meanwhile.
 */
export async function buildArticleIndex(locale: Locale, published: readonly SearchedArticle[]) {
  const breathe = breather()
  const articles = published.map(article => ({ ...article, ask: [...article.ask, ...phrasings[locale][article.slug] ?? []] }))
  const synonyms = synonymsOf(locale)
  const split = (text: string, withSounds = true) => tokenize(text, synonyms, withSounds)

  // MiniSearch keeps terms in a tree by their letters, and at its root one branch for each Han character would be looked through: numbers spare that.
  const numbers = new Map<string, string>()
  const numberOf = (term: string) => {
    const number = numbers.get(term) ?? numbers.size.toString(36)
    numbers.set(term, number)
    return number
  }
  const index = new MiniSearch<{ id: number } & Record<typeof fields[number], string>>({ fields: [...fields], tokenize: text => text.split(' ').filter(Boolean), processTerm: numberOf })
  const read: ReadArticle[] = []
  for (const { title, summary, ask, body } of articles) {
    const article = { title: split(title), summary: split(summary), ask: ask.map(line => split(line)), body: body.split('\n').map(line => split(line, false)) }
    index.add({ id: read.length, title: article.title.join(' '), summary: article.summary.join(' '), ask: article.ask.flat().join(' '), body: article.body.flat().join(' ') })
    read.push(article)
    await breathe()
  }

  // How much of what is said of a term is said in this article: a term of one article alone says which one is meant.
  const mentions: Map<string, Mention>[] = []
  const allMentions = new Map<string, number>()
  const spread = new Map<string, number>()
  for (const { title, summary, ask, body } of read) {
    const own = new Map<string, Mention>()
    const mention = (term: string, weight: number) => {
      const known = own.get(term)
      if (known) { known.count += weight; return known }
      const first = { count: weight, lines: [] }
      own.set(term, first)
      return first
    }
    for (const [at, line] of linesOf({ title, summary, ask }).entries()) {
      for (const term of line) {
        const { lines } = mention(term, 1)
        if (lines.at(-1) !== at) lines.push(at)
      }
    }
    for (const line of body) for (const term of line) mention(term, 0.25)
    for (const [term, { count }] of own) {
      allMentions.set(term, (allMentions.get(term) ?? 0) + count)
      spread.set(term, (spread.get(term) ?? 0) + 1)
    }
    mentions.push(own)
    await breathe()
  }
  // What a term tells about which article is meant, in nats: a word of all articles nothing, a word of one article all there is.
  const told = new Map<string, number>()
  for (const own of mentions) {
    for (const [term, { count }] of own) {
      const part = count / (allMentions.get(term) ?? 1)
      told.set(term, (told.get(term) ?? Math.log(articles.length + 1)) + part * Math.log(part))
    }
    await breathe()
  }
  const idf = (term: string) => (told.get(term) ?? Math.log(articles.length + 1)) * weightOf(term)
  const norms: number[][] = []
  for (const article of read) {
    norms.push(linesOf(article).map(line => Math.sqrt(sum([...new Set(line)].map(term => idf(term) ** 2)))))
    await breathe()
  }

  // Words as they are written, of the articles and of the synonyms: what is typed otherwise is taken for the nearest of them.
  const written = new Set(['', ...synonyms.words, ...articles.flatMap(({ title, summary, ask, body }) => [title, summary, ...ask, body])].flatMap(text => normalise(text).match(/[a-z]{3,}/g) ?? []))
  const vocabulary = [...written]
  const corrected = (question: string) => normalise(question).replace(/[a-z]{4,}/g, word => written.has(word) || allMentions.has(stem(word)) ? word : correct(word, vocabulary) ?? word)

  return {
    size: articles.length,
    /** The articles that may answer, best first. */
    search(question: string): Candidate[] {
      const asked = split(corrected(question))
      if (asked.length === 0) return []
      const worth = asked.map(idf)
      const total = sum(worth)
      const askedNorm = Math.sqrt(sum(worth.map(one => one ** 2)))
      const known = asked.filter(term => allMentions.has(term))
      if (known.length === 0) return []
      const rare = known.filter(term => spread.get(term)! <= commonest)
      const naming = rare.length ? rare : known
      const hits = index.search(naming.join(' '), { boost: weights.boost, boostTerm: (_, at) => weightOf(naming[at]!) }).slice(0, candidateCount)
      const best = hits[0]?.score ?? 1
      return hits.map(({ id, score }) => {
        const article = Number(id)
        const overlaps = norms[article]!.map(() => 0)
        let [covered, meant] = [0, 0]
        for (const [at, term] of asked.entries()) {
          const mention = mentions[article]!.get(term)
          if (!mention) continue
          covered += worth[at]!
          meant += worth[at]! * mention.count / (allMentions.get(term)! + 0.5)
          for (const line of mention.lines) overlaps[line]! += worth[at]! ** 2
        }
        const [line = 0, second = 0, third = 0] = overlaps.map((overlap, at) => overlap / (askedNorm * norms[article]![at]! || 1)).sort((one, other) => other - one)
        const cover = covered / total
        const lines = (line + second + third) / 3
        return { slug: articles[article]!.slug, line, cover, lines, score: weights.lexical * score / best + weights.line * line + weights.lines * lines + weights.cover * cover + weights.topic * meant / total }
      }).sort((one, other) => other.score - one.score)
    },
  }
}
export type ArticleIndex = Awaited<ReturnType<typeof buildArticleIndex>>

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** The known word that a mistyped one is nearest to: one change in five letters, two in eight. */
function correct(word: string, vocabulary: readonly string[]): string | undefined {
  if (word.length < 4) return undefined
  const allowed = word.length >= 7 ? 2 : 1
  let nearest: string | undefined
  let least = allowed + 1
  for (const known of vocabulary) {
    if (Math.abs(known.length - word.length) >= least || known.length < 4) continue
    const far = distance(word, known, least)
    if (far < least) { nearest = known; least = far }
  }
  return nearest
}

/** Damerau–Levenshtein (neighbours swapped count once), given up beyond `limit`. */
function distance(one: string, other: string, limit: number): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= one.length; row++) {
    const now = [row]
    for (let column = 1; column <= other.length; column++) {
      const cost = one[row - 1] === other[column - 1] ? 0 : 1
      let least = Math.min(now[column - 1]! + 1, last[column]! + 1, last[column - 1]! + cost)
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) least = Math.min(least, before[column - 2]! + 1)
      now.push(least)
    }
    if (Math.min(...now) >= limit) return limit
    ;[before, last] = [last, now]
  }
  return last[other.length]!
}
