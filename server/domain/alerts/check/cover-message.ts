import type { Phrases } from './phrases.ts'
import type { OfficialText, Passage } from './official-text.ts'
import type { Token } from './tokenize-message.ts'

/** A stretch of the message and what accounts for it. */
export type Segment
  = | { kind: 'said', from: number, to: number, passage: Passage, start: number, end: number, isCut: boolean }
    | { kind: 'label' | 'harmless' | 'code', from: number, to: number }
    | { kind: 'foreign', from: number, to: number }

/** One unexplained token outweighs any number of explained ones: quoting more of us never hides an addition. */
const foreignCost = 100_000
/** "请互相转告" is a greeting and not the first word of our next sentence. */
const cutCost = 6

/**
 * Accounts for every token of a message with the least that stays foreign: whole sentences of the alert (the last one may be cut off where the message ends),
 * labels and values that stand around them, the alert's own code, and words that say nothing. Dynamic programming from the end; linear in tokens times matches.
 */
export function coverMessage(message: readonly Token[], official: OfficialText, harmless: Phrases): Segment[] {
  const labels = official.labels()
  const beginnings = sentencesByFirstKey(official.passages)
  const size = message.length
  const best: { cost: number, segment?: Segment }[] = Array.from({ length: size + 1 }, () => ({ cost: 0 }))
  /** From here on there is nothing but labels, codes and words that say nothing. */
  const isTail: boolean[] = Array.from({ length: size + 1 }, () => true)
  for (let here = size - 1; here >= 0; here--) {
    const token = message[here]!
    let [choice, tail] = [{ cost: foreignCost + best[here + 1]!.cost, segment: { kind: 'foreign', from: here, to: here + 1 } } as typeof best[number], false]
    const offer = (segment: Segment, gain: number) => {
      const cost = best[segment.to]!.cost - gain
      if (segment.kind !== 'said' && isTail[segment.to]) tail = true
      if (cost < choice.cost) choice = { cost, segment }
    }
    if (token.kind === 'own_link' || isOwnCode(token, official)) offer({ kind: 'code', from: here, to: here + 1 }, 0)
    for (const [kind, phrases] of [['harmless', harmless], ['label', labels]] as const) {
      for (const phrase of phrases.get(token.key) ?? []) if (phrase.every((key, index) => message[here + index]?.key === key)) offer({ kind, from: here, to: here + phrase.length }, 0)
    }
    for (const { passage, start } of beginnings.get(token.key) ?? []) quote(message, here, passage, start, isTail, offer)
    best[here] = choice
    isTail[here] = tail
  }
  return followed(best)
}

/** Whole sentences of a passage that stand at a place of the message, and the cut-off one that may end it. */
function quote(message: readonly Token[], here: number, passage: Passage, start: number, isTail: readonly boolean[], offer: (segment: Segment, gain: number) => void) {
  let [to, end] = [here, start]
  const said = (isCut: boolean) => offer({ kind: 'said', from: here, to, passage, start, end, isCut }, end - start - (isCut ? cutCost : 0))
  while (end < passage.tokens.length) {
    if (end > start && passage.tokens[end - 1]?.isLast) said(false)
    const length = tokensThatSay(passage.tokens[end]!, message, to)
    if (!length) break
    ;[to, end] = [to + length, end + 1]
  }
  if (end === passage.tokens.length) return said(false)
  if (isBeginningOf(message[to], passage.tokens[end]!)) [to, end] = [to + 1, end + 1]
  else if (end === start || passage.tokens[end - 1]?.isLast) return
  if (isTail[to]) said(true)
}

/** How many tokens of the message, from one on, say a token of ours: a number may be broken in two by the end of a line. */
function tokensThatSay(ours: Token, message: readonly Token[], at: number): 0 | 1 | 2 {
  const [token, next] = [message[at], message[at + 1]]
  if (token?.key === ours.key) return 1
  return token?.kind === 'number' && next?.kind === 'number' && next.isContinued && token.key + next.key === ours.key ? 2 : 0
}

/** A word that was cut off with the message. A number never is: what is left of it is another number. */
function isBeginningOf(token: Token | undefined, whole: Token): boolean {
  return token?.kind === 'word' && whole.kind === 'word' && token.key.length < whole.key.length && whole.key.startsWith(token.key)
}

function isOwnCode(token: Token, { codes, alert }: OfficialText): boolean {
  return token.kind === 'code' ? codes.has(token.key) : token.kind === 'part_of_code' && alert.identifier.startsWith(token.key.replace(/-$/, ''))
}

function sentencesByFirstKey(passages: readonly Passage[]): ReadonlyMap<string, readonly { passage: Passage, start: number }[]> {
  const found = new Map<string, { passage: Passage, start: number }[]>()
  for (const passage of passages) {
    for (const start of passage.starts) {
      const key = passage.tokens[start]?.key ?? ''
      found.set(key, [...found.get(key) ?? [], { passage, start }])
    }
  }
  return found
}

function followed(best: readonly { segment?: Segment }[]): Segment[] {
  const segments: Segment[] = []
  for (let here = 0; here < best.length - 1;) {
    const segment = best[here]?.segment
    if (!segment) break
    const last = segments.at(-1)
    if (segment.kind === 'foreign' && last?.kind === 'foreign') last.to = segment.to
    else segments.push({ ...segment })
    here = segment.to
  }
  return segments
}
