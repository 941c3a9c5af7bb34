/*
  How well questions are answered, on the set of tests/chat/evaluation (412 questions a language, written before tuning, drawn by lot into halves),
  and on a fresh one (170 a language in fresh-*.jsonl, by an author who saw neither the search nor the first set; no threshold was moved with a view of it).
    top1, top3        the right article is the first, or among the first three, of what was found
    unknown           of questions that no article answers: not answered with one (handed over, or asked "did you mean", whose "none of these" leads on to a person)
    unknownAtOnce     of these: handed over without being asked first
    served            of questions that an article answers: answered, or offered among the choices
*/
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { localeCodes, type Locale } from '#shared/locales'
import { articleFinder, type ArticleFinder } from '#server/chat/retrieval/article-finder'
import { semanticSearch, type Embed } from '#server/chat/retrieval/semantic'
import { detectEmergency } from '#server/chat/emergency/detect-emergency'
import { shippedArticles } from './articles.ts'

const row = z.object({ q: z.string(), slug: z.string().nullable(), also: z.array(z.string()).optional(), kind: z.string() })
const halvedRow = row.extend({ part: z.enum(['tune', 'test']) })
type Row = z.infer<typeof row>
type Part = z.infer<typeof halvedRow>['part'] | 'fresh'

export interface Figures { top1: number, top3: number, unknown: number, unknownAtOnce: number, served: number, answeredWrongly: number, questions: number, ofKind: Record<string, number> }

/** What is gated, of the test half and of the fresh set alike. */
export const bars = { top1: 0.9, top3: 0.97, unknown: 0.9, emergencyRecall: 0.99, falseAlarms: 0.02 } as const

const readLines = (name: string): unknown[] => readFileSync(path.resolve(import.meta.dirname, `evaluation/${name}.jsonl`), 'utf8').trim().split('\n').map(line => JSON.parse(line))

const readRows = (locale: Locale, part: Part): Row[] => part === 'fresh'
  ? readLines(`fresh-${locale}`).map(line => row.parse(line))
  : readLines(locale).map(line => halvedRow.parse(line)).filter(each => each.part === part)

/** The finder over the articles that are shipped. @param load a model for search by meaning, waited for until every line has its vector */
export async function shippedFinder(load?: () => Promise<Embed | undefined>): Promise<ArticleFinder> {
  const rows = localeCodes.flatMap(locale => shippedArticles(locale).map(article => ({ ...article, locale })))
  const search = load && semanticSearch(rows, load)
  for (const locale of localeCodes) while (search && await load() && !await search('?', locale)) await setTimeout(100)
  return articleFinder(rows, search)
}

/** The figures of one part. @param onMiss told about each question that went wrong; called with the tune half only */
export async function evaluate(finder: ArticleFinder, locale: Locale, part: Part, onMiss?: (question: string, wanted: string | null, got: string) => void): Promise<Figures> {
  const rows = readRows(locale, part)
  const known = rows.filter(({ slug }) => slug !== null)
  const kinds = new Map<string, { right: number, all: number }>()
  let [top1, top3, unknown, atOnce, served, wrong] = [0, 0, 0, 0, 0, 0]
  for (const { q, slug, also = [], kind } of rows) {
    const { decision, articles, confidence } = await finder.find(q, locale)
    const offered = articles.map(article => article.slug)
    const isRight = slug === null ? decision !== 'answer' : [slug, ...also].includes(offered[0] ?? '')
    if (slug === null) {
      unknown += Number(isRight)
      atOnce += Number(decision === 'none')
    }
    else {
      served += Number(decision === 'answer' ? isRight : decision === 'choices' && offered.some(each => [slug, ...also].includes(each)))
      top1 += Number(isRight)
      top3 += Number(offered.some(each => [slug, ...also].includes(each)))
    }
    if (decision === 'answer' && !isRight) wrong++
    const seen = kinds.get(kind) ?? { right: 0, all: 0 }
    kinds.set(kind, { right: seen.right + Number(isRight), all: seen.all + 1 })
    if (!isRight && part === 'tune') onMiss?.(q, slug, `${decision} ${confidence.toFixed(2)} ${offered.join(' ')}`)
  }
  return {
    top1: top1 / known.length, top3: top3 / known.length, unknown: unknown / (rows.length - known.length), unknownAtOnce: atOnce / (rows.length - known.length), served: served / known.length, answeredWrongly: wrong / rows.length, questions: rows.length,
    ofKind: Object.fromEntries([...kinds].map(([kind, { right, all }]) => [kind, right / all])),
  }
}

/** Recall and false alarms of the emergency rules on their own corpus. */
export function evaluateEmergencies(sentences: readonly { text: string, isEmergency: boolean }[]): { recall: number, falseAlarms: number } {
  const of = (isEmergency: boolean) => sentences.filter(sentence => sentence.isEmergency === isEmergency)
  const fired = (some: typeof sentences) => some.filter(({ text }) => detectEmergency(text) !== undefined).length / some.length
  return { recall: fired(of(true)), falseAlarms: fired(of(false)) }
}
