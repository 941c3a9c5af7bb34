import type { Locale } from '#shared/locales'
import { synonymsEn } from './synonyms-en.ts'
import { synonymsZh } from './synonyms-zh.ts'

/** Groups of words that mean one thing to a resident: the first is the concept's name. */
export type SynonymGroups = readonly (readonly [concept: string, ...words: string[]])[]

export interface Synonyms { words: readonly string[], conceptsIn: (plain: string) => Set<string> }

/** Finds concepts in a text: of words that overlap the longest counts. A Latin word counts as a whole word, with an ending at most. */
export function compileSynonyms(groups: SynonymGroups): Synonyms {
  const concepts = new Map<string, Set<string>>()
  for (const [concept, ...words] of groups) {
    for (const word of words) concepts.set(word, (concepts.get(word) ?? new Set()).add(concept))
  }
  // By the first two characters, longest first: a text is read once, with a handful of words to compare at each place.
  const byStart = new Map<string, string[]>()
  for (const word of [...concepts.keys()].sort((one, other) => other.length - one.length)) byStart.set(word.slice(0, 2), [...byStart.get(word.slice(0, 2)) ?? [], word])
  const startsAt = (plain: string, at: number) => {
    if (latin.test(plain[at]!) && at > 0 && latin.test(plain[at - 1]!)) return undefined
    const isHere = (each: string) => plain.startsWith(each, at) && isWhole(plain, at, each)
    return byStart.get(plain.slice(at, at + 2))?.find(isHere) ?? byStart.get(plain[at]!)?.find(isHere)
  }
  return {
    words: [...concepts.keys()],
    conceptsIn(plain) {
      const found = new Set<string>()
      for (let at = 0; at < plain.length;) {
        const word = startsAt(plain, at)
        if (word) for (const concept of concepts.get(word)!) found.add(concept)
        at += word?.length ?? 1
      }
      return found
    },
  }
}

const latin = /[a-z0-9]/
const ending = /^(?:e?s|d|ed|ing)?(?![a-z0-9])/

function isWhole(plain: string, at: number, word: string): boolean {
  if (!latin.test(word[0]!)) return true
  return !latin.test(plain[at - 1] ?? ' ') && ending.test(plain.slice(at + word.length, at + word.length + 4))
}

const compiled: Record<Locale, Synonyms> = { zh: compileSynonyms(synonymsZh), en: compileSynonyms(synonymsEn) }

/** The synonyms of a language. */
export const synonymsOf = (locale: Locale): Synonyms => compiled[locale]
