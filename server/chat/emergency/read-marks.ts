import { markNames } from './emergency-rules.ts'
import type { MarkName } from './emergency-rules.ts'
import type { TokenizedText } from './tokenize.ts'

/** Tokens from `start` up to, not including, `end`. */
export interface Span {
  start: number
  end: number
}

/** A mark found in the text, by its index in `markNames`. */
export interface MarkHit extends Span {
  mark: number
}

/** What the words around a danger say about it. Every answer takes constant time. */
export interface Marks {
  /** Clause of each token after "but" and its like have divided the written clauses further. */
  clauses: Int32Array
  isFigurative: (span: Span) => boolean
  /** Tokens between the last denial of the same clause and `start`; Infinity without one. */
  deniedSince: (start: number) => number
  isPast: (span: Span) => boolean
  isNow: (span: Span) => boolean
  isResolved: (span: Span) => boolean
  isOngoingAfter: (start: number) => boolean
  isStory: (span: Span) => boolean
  isProcedure: (span: Span) => boolean
  isAtHand: (span: Span) => boolean
}

/** Reads the marks of a text once, into tables by token, clause and sentence. */
export function readMarks(text: TokenizedText, markHits: readonly MarkHit[]): Marks {
  const size = text.tokens.length
  const isFigurative = coveredBy('figure', size, markHits)
  const isUndenied = coveredBy('undenied', size, markHits)
  const marks = markHits.filter(
    found => !isFigurative(found) && !(found.mark === numberOf.not && isUndenied(found)),
  )
  const clauses = divideClauses(text.clauses, marks)
  const clauseMarks = collect(marks, clauses)
  const sentenceMarks = collect(marks, text.sentences)
  const denials = lastDenials(clauses, marks)
  const dates = lastDates(text.sentences, marks)
  const firstDateAfter = nextDates(clauses, dates)
  const resolutions = nextStarts(size, marks, numberOf.resolved)
  const lastOngoing = marks.reduce((latest, found) => (found.mark === numberOf.ongoing ? found.start : latest), -1)

  const sentenceAt = (token: number): number => text.sentences[token] ?? -1
  const inClause = (name: MarkName, token: number): boolean => has(clauseMarks, clauses[token] ?? -1, name)
  const inSentence = (name: MarkName, token: number): boolean => has(sentenceMarks, sentenceAt(token), name)

  return {
    clauses,
    isFigurative,
    deniedSince: (start) => {
      const end = denials[start] ?? -1
      return end < 0 ? Infinity : start - end
    },
    isPast: ({ end }) => {
      const said = dates[end - 1] ?? 0
      return (said === 0 ? firstDateAfter[end - 1] : said) === numberOf.past
    },
    isNow: ({ start }) => inClause('now', start) || inClause('ongoing', start),
    isResolved: ({ start }) => {
      const next = resolutions[start] ?? size
      return inClause('resolved', start) || (next < size && sentenceAt(next) - sentenceAt(start) <= 1)
    },
    isOngoingAfter: start => lastOngoing >= start || inClause('ongoing', start),
    isStory: ({ start }) => inClause('frame', start),
    isProcedure: ({ start }) => inClause('procedure', start) || (inSentence('if', start) && inSentence('ask', start)),
    isAtHand: ({ start }) => inClause('atHand', start),
  }
}

const numberOf = {
  not: markNames.indexOf('not'),
  and: markNames.indexOf('and'),
  turn: markNames.indexOf('turn'),
  past: markNames.indexOf('past'),
  now: markNames.indexOf('now'),
  ongoing: markNames.indexOf('ongoing'),
  resolved: markNames.indexOf('resolved'),
} as const

/** Whether a longer phrase of that mark lies over a part of the span. */
function coveredBy(name: MarkName, size: number, hits: readonly MarkHit[]): (span: Span) => boolean {
  const wanted = markNames.indexOf(name)
  const longest = new Uint8Array(size)
  for (const hit of hits) {
    if (hit.mark !== wanted) continue
    const length = Math.min(hit.end - hit.start, 255)
    for (let token = hit.start; token < hit.end; token += 1) if ((longest[token] ?? 0) < length) longest[token] = length
  }
  return ({ start, end }) => {
    for (let token = start; token < end; token += 1) if ((longest[token] ?? 0) > end - start) return true
    return false
  }
}

function divideClauses(written: readonly number[], marks: readonly MarkHit[]): Int32Array {
  const clauses = new Int32Array(written.length)
  for (const found of marks) if (found.mark === numberOf.turn) clauses[found.start] = 1
  let added = 0
  for (let token = 0; token < clauses.length; token += 1) {
    added += clauses[token] ?? 0
    clauses[token] = (written[token] ?? 0) + added
  }
  return clauses
}

/** For each clause or sentence, which marks it holds: one bit each. */
function collect(marks: readonly MarkHit[], groups: ArrayLike<number>): Uint32Array {
  const bits = new Uint32Array((groups[groups.length - 1] ?? 0) + 1)
  for (const { mark, start } of marks) {
    const group = groups[start] ?? 0
    bits[group] = (bits[group] ?? 0) | (1 << mark)
  }
  return bits
}

function has(bits: Uint32Array, group: number, name: MarkName): boolean {
  return ((bits[group] ?? 0) & (1 << markNames.indexOf(name))) !== 0
}

/** For each token, where the last denial before it in its clause ended, or -1; "and" closes a denial's reach. */
function lastDenials(clauses: Int32Array, marks: readonly MarkHit[]): Int32Array {
  const ending = new Int8Array(clauses.length + 1)
  for (const { mark, end } of marks) {
    if (mark === numberOf.not) ending[end] = 1
    else if (mark === numberOf.and) ending[end] = -1
  }
  const table = new Int32Array(clauses.length)
  let denied = -1
  for (let token = 0; token < clauses.length; token += 1) {
    if (token > 0 && clauses[token] !== clauses[token - 1]) denied = -1
    if (ending[token] === 1) denied = token
    else if (ending[token] === -1) denied = -1
    table[token] = denied
  }
  return table
}

/** For each token, the last date mark (past or now) of its sentence up to and with the token; 0 for none. */
function lastDates(sentences: readonly number[], marks: readonly MarkHit[]): Uint8Array {
  const starting = new Uint8Array(sentences.length)
  const lengths = new Uint8Array(sentences.length)
  for (const { mark, start, end } of marks) {
    if (mark !== numberOf.past && mark !== numberOf.now) continue
    // "since yesterday" is longer than "since" and decides for it.
    if (end - start <= (lengths[start] ?? 0)) continue
    starting[start] = mark
    lengths[start] = end - start
  }
  let said = 0
  let coveredUntil = 0
  for (let token = 0; token < sentences.length; token += 1) {
    if (token > 0 && sentences[token] !== sentences[token - 1]) said = 0
    // A date inside a longer date phrase ("yesterday" in "since yesterday") does not speak for itself.
    if ((starting[token] ?? 0) !== 0 && token >= coveredUntil) {
      said = starting[token] ?? 0
      coveredUntil = token + (lengths[token] ?? 0)
    }
    starting[token] = said
  }
  return starting
}

/** For each token, the first date mark said after it in its clause; 0 for none. */
function nextDates(clauses: Int32Array, dates: Uint8Array): Uint8Array {
  const table = new Uint8Array(dates.length)
  for (let token = dates.length - 2; token >= 0; token -= 1) {
    if (clauses[token] !== clauses[token + 1]) continue
    const changed = dates[token] !== dates[token + 1]
    table[token] = changed ? (dates[token + 1] ?? 0) : (table[token + 1] ?? 0)
  }
  return table
}

/** For each token, where the next mark of that number starts; the text's size if none follows. */
function nextStarts(size: number, marks: readonly MarkHit[], wanted: number): Int32Array {
  const table = new Int32Array(size)
  for (const { mark, start } of marks) if (mark === wanted) table[start] = 1
  let next = size
  for (let token = size - 1; token >= 0; token -= 1) {
    if (table[token] === 1) next = token
    table[token] = next
  }
  return table
}
