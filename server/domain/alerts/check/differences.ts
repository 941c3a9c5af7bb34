import type { Passage } from './official-text.ts'
import type { Token } from './tokenize-message.ts'

/** Where a message differs from what we said. `says` is the message's words, `weSaid` ours; null where one of them says nothing there. */
export interface Difference { says: string | null, weSaid: string | null }

/** How much of a text is compared word by word; what is longer than this is shown as added. */
const mostTokens = 2500
const mostDifferences = 8

interface OurWord { token: Token, passage: Passage }

/**
 * The places where a message departs from an alert's passages, in the order of the message.
 * Whole sentences that the message leaves out are no difference here: people quote parts.
 * @param isIdle whether a token of the message says nothing (a greeting, a code): it is no difference either
 * @param ours the passages of one language in their order
 */
export function findDifferences(text: string, message: readonly Token[], isIdle: (index: number) => boolean, ours: readonly Passage[]): Difference[] {
  const left = message.slice(0, mostTokens)
  const right = ours.flatMap(passage => passage.tokens.map((token): OurWord => ({ token, passage }))).slice(0, mostTokens)
  const pairs = inRuns(longestCommon(left.map(({ key }) => key), right.map(({ token }) => token.key)))
  if (!pairs.length) return []
  const found: Difference[] = []
  let [from, fromOurs] = [0, 0]
  for (const [at, atOurs] of [...pairs, [left.length, right.length] as const]) {
    let [first, last] = [from, at]
    while (first < last && isIdle(first)) first++
    while (last > first && isIdle(last - 1)) last--
    const weSaid = fragments(right, fromOurs, atOurs, at < left.length)
    if (last > first || weSaid.length) found.push(inContext(text, left.slice(first, last), weSaid, left[at], right[atOurs]))
    ;[from, fromOurs] = [at + 1, atOurs + 1]
  }
  return found.slice(0, mostDifferences)
}

/** Of our words between two that the message quotes: those that belong to a sentence that it quotes as well. */
function fragments(ours: readonly OurWord[], from: number, to: number, isQuotedAfter: boolean): OurWord[] {
  const words = ours.slice(from, to)
  const firstEnd = words.findIndex(({ token }) => token.isLast)
  if (firstEnd < 0) return isQuotedAfter ? words : []
  const lastEnd = words.findLastIndex(({ token }) => token.isLast)
  const hasBegun = from > 0 && !ours[from - 1]?.token.isLast
  const [before, after] = [hasBegun ? words.slice(0, firstEnd + 1) : [], isQuotedAfter ? words.slice(lastEnd + 1) : []]
  // What stands before the place where the message ends is cut off, not changed.
  return [...isQuotedAfter ? before : [], ...after]
}

/** One sign alone tells little: the next word, which both have, is shown with it. */
function inContext(text: string, words: readonly Token[], weSaid: readonly OurWord[], next?: Token, ourNext?: OurWord): Difference {
  const isBare = (tokens: readonly Token[]) => tokens.length <= 1 && tokens.every(({ kind }) => kind === 'han')
  const shows = next && ourNext && isBare(words) && isBare(weSaid.map(({ token }) => token)) && !(words.at(-1)?.isLast || weSaid.at(-1)?.token.isLast)
  return { says: excerpt(text, shows ? [...words, next] : words), weSaid: join(shows ? [...weSaid, ourNext] : weSaid) }
}

/** One common word in two different sentences is chance; three in a row are a quotation. */
function inRuns(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const follows = (index: number) => pairs[index] && pairs[index - 1] && pairs[index]![0] === pairs[index - 1]![0] + 1 && pairs[index]![1] === pairs[index - 1]![1] + 1
  return pairs.filter((_pair, index) => {
    let [from, to] = [index, index]
    while (follows(from)) from--
    while (follows(to + 1)) to++
    return to - from >= 2
  })
}

function excerpt(text: string, words: readonly Token[]): string | null {
  const [first, last] = [words[0], words.at(-1)]
  return first && last ? text.slice(first.start, last.end).trim() : null
}

function join(words: readonly OurWord[]): string | null {
  const parts: string[] = []
  for (let index = 0; index < words.length;) {
    const { passage, token } = words[index]!
    let end = index
    while (words[end + 1]?.passage === passage) end++
    parts.push(passage.text.slice(token.start, words[end]!.token.end))
    index = end + 1
  }
  return parts.length ? parts.join(' … ') : null
}

/** Pairs of positions of a longest common subsequence; quadratic in time, kept in one table of 16 bits. */
function longestCommon(left: readonly string[], right: readonly string[]): [number, number][] {
  const width = right.length + 1
  const lengths = new Uint16Array((left.length + 1) * width)
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      lengths[row * width + column] = left[row] === right[column]
        ? lengths[(row + 1) * width + column + 1]! + 1
        : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!)
    }
  }
  const pairs: [number, number][] = []
  for (let [row, column] = [0, 0]; row < left.length && column < right.length;) {
    if (left[row] === right[column]) pairs.push([row++, column++])
    else if (lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!) row++
    else column++
  }
  return pairs
}
