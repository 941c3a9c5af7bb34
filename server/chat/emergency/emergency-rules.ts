import type { EmergencyKind } from './emergency-kinds.ts'

/**
 * Words that decide whether a danger is meant as present. All of them are looked for on every text.
 *
 * - `figure`: turns of phrase that swallow the danger word inside them ("fire sale", 火锅)
 * - `not`: denies what follows in the same clause
 * - `undenied`: looks like `not` but denies nothing ("not sure", 是不是, 没人管)
 * - `and`: ends the reach of a denial; `turn` (but, 但是) starts a new clause altogether
 * - `past`, `now`: the last one said before a danger word dates it
 * - `ongoing`: says that an earlier danger has not ended, whatever its date ("he is still here")
 * - `resolved`: says that what was told before is over ("put out", 虚惊一场)
 * - `procedure`: asks about rules, papers or prevention; `if` with `ask` does the same
 * - `frame`: a film, a game, a drill
 * - `atHand`: names somebody or something near the writer; outweighs `procedure`
 */
export const markNames = [
  'figure', 'not', 'undenied', 'and', 'turn', 'past', 'now', 'ongoing', 'resolved', 'procedure', 'if', 'ask', 'frame', 'atHand',
] as const
export type MarkName = (typeof markNames)[number]

/** One way to recognise a danger: every part must be said, near one another. */
export interface DangerRule {
  kind: EmergencyKind
  /** Each part is a list of phrases separated by `|`; `^` and `$` stand for the start and end of a clause. */
  parts: readonly string[]
  /** Longest stretch, in tokens (a Han character or a word), that may hold all parts. Default 8. */
  within?: number
  /** The parts must follow one another as written. Default true. */
  inOrder?: boolean
  /** The parts may lie in different clauses of one sentence. Default false. */
  acrossClauses?: boolean
  /** Counts even in a question about procedure or after "not" ("how do I report a fire?"). Default false. */
  sure?: boolean
  /** Counts only when shouted: with an exclamation mark or stretched letters ("heeelp"). Default false. */
  loud?: boolean
}

/** All that one locale contributes. Rules of every locale run on every text, because residents mix languages. */
export interface EmergencyRules {
  /** Spelling, inflection and script: word or character → what the phrases use; an empty string drops the word. */
  words: Readonly<Record<string, string>>
  /** Words of six letters or more that are also recognised with one letter missing, added, wrong or swapped. */
  forgiving: string
  marks: Readonly<Record<MarkName, string>>
  dangers: readonly DangerRule[]
}
