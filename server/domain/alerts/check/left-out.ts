import type { Segment } from './cover-message.ts'
import type { Difference } from './differences.ts'
import type { OfficialText, Passage } from './official-text.ts'
import type { Token } from './tokenize-message.ts'

type Said = Extract<Segment, { kind: 'said' }>

/** Words that deny what stands before or after them: an alert that quotes a rumour must not be quoted without them. */
const denials = /谣言|不实|误传|不属实|假消息|没有发生|未发生|并未|纯属|\b(?:false|hoax|rumou?r|untrue|not true|no such|did not happen)\b/i
/** What may turn a sentence round after the place where it was cut. */
const turns = /谣言|不实|误传|不属实|虚假|是假|有误|不存在|不是|不会|没有|取消|推迟|延期|作废|\b(?:false|hoax|rumou?r|untrue|not true|cancelled|postponed|(?:is|are|was|were|does|do|will) not)\b/i
/** What the head of a list says about all of its items. */
const heads = /([^。！？!?\n]*)[：:]\s*(?=\n|\d+[.、)）]|[（(]?[一二三四五六七八九十]+[)）、]|[①-⑳•·-])/g
const headTurns = /不|勿|禁|严防|切忌|谨防|警惕|诈骗|骗|谣|假|\b(?:not|never|no|false|fake|scam|hoax|rumou?r|don't|forbidden|beware)/i
const exercise = /演练|演习|\b(?:exercise|drill)\b/i

/**
 * A message may quote a part of an alert. It is altered all the same when a sentence is missing from the middle, when what denies a quoted rumour is missing,
 * when the cut turns a sentence round, or when an exercise is no longer called one.
 */
export function whatIsLeftOut({ passages, alert }: OfficialText, said: readonly Said[], message: readonly Token[]): { isPartial: boolean, differences: Difference[] } {
  const whole = said.some(({ passage }) => passage.name === 'rendering') ? [] : textsOf(passages, said)
  const missing = whole.flatMap(passage => missingStretches(passage, said))
  const differences: Difference[] = []
  for (const { passage, start, end } of missing.filter(({ isBetween }) => isBetween)) differences.push({ says: null, weSaid: words(passage, start, end) })

  const kept = said.map(({ passage, start, end }) => words(passage, start, end)).join('\n')
  const denial = missing.find(({ passage, start, end }) => denials.test(words(passage, start, end)))
  if (denial && said.length && !denials.test(kept)) differences.push({ says: null, weSaid: words(denial.passage, denial.start, denial.end) })

  for (const head of missingHeads(said)) differences.push({ says: null, weSaid: head })
  const stray = strayBeginning(said)
  if (stray) differences.push({ says: words(stray.passage, stray.start, stray.end), weSaid: null })
  for (const { passage, end } of said.filter(({ isCut }) => isCut)) {
    const sentenceEnd = passage.tokens.findIndex(({ isLast }, index) => isLast && index >= end - 1) + 1
    const rest = words(passage, end, sentenceEnd)
    if (turns.test(rest)) differences.push({ says: null, weSaid: rest })
  }
  const shown = message.map(({ key, kind }) => kind === 'word' ? ` ${key} ` : key).join('')
  if (alert.isExercise && said.length && !exercise.test(shown)) differences.push({ says: null, weSaid: /[\u4e00-\u9fff]/.test(kept) ? '演练' : 'Exercise' })
  return { isPartial: missing.length > 0 || said.some(({ isCut }) => isCut), differences }
}

/** Heads of lists ("以下都是诈骗：") whose items are quoted without them: the items alone would be advice. */
function missingHeads(said: readonly Said[]): string[] {
  return said.flatMap(({ passage, start }) => {
    const before = passage.text.slice(0, passage.tokens[start]?.start ?? 0)
    const head = [...before.matchAll(heads)].at(-1)
    const words = head?.[1]?.trim()
    if (!head || !words || !headTurns.test(words)) return []
    const isQuoted = said.some(other => other.passage === passage && (passage.tokens[other.start]?.start ?? 0) <= head.index + head[0].indexOf(words) && (passage.tokens[other.end - 1]?.end ?? 0) > head.index)
    return isQuoted ? [] : [words]
  })
}

/** Fewer words of a sentence are no sign that it is meant, unless it follows what was quoted before. */
const leastCut = 4

/** A sentence's first words behind a text that they do not continue ("… 119 不要"): they would be read as something else. */
function strayBeginning(said: readonly Said[]): Said | undefined {
  return said.find((segment, index) => {
    if (!segment.isCut) return false
    const before = said[index - 1]
    const isNext = before && (before.passage === segment.passage ? before.end === segment.start : segment.start === 0 && before.end === before.passage.tokens.length && before.passage.locale === segment.passage.locale)
    const isAgain = said.some(other => other !== segment && other.passage === segment.passage && other.start <= segment.start && other.end > segment.start)
    return isAgain || (!isNext && segment.end - segment.start < leastCut)
  })
}

/** The whole text in the languages that the message quotes. */
function textsOf(passages: readonly Passage[], said: readonly Said[]): Passage[] {
  const quoted = new Set(said.map(({ passage }) => passage.locale))
  return passages.filter(({ locale, name, tokens }) => quoted.has(locale) && name !== 'rendering' && tokens[0]?.start === 0)
}

interface Stretch { passage: Passage, start: number, end: number, isBetween: boolean }

/** What of a passage is not quoted; `isBetween` where quoted words stand before and after it. */
function missingStretches(passage: Passage, said: readonly Said[]): Stretch[] {
  const isQuoted = passage.tokens.map(token => said.some(segment => segment.passage.locale === passage.locale && segment.passage.name === passage.name
    && token.start >= (segment.passage.tokens[segment.start]?.start ?? 0) && token.start < (segment.passage.tokens[segment.end - 1]?.end ?? 0)))
  const stretches: Stretch[] = []
  for (let start = 0; start < isQuoted.length;) {
    if (isQuoted[start]) { start++; continue }
    let end = start
    while (end < isQuoted.length && !isQuoted[end]) end++
    stretches.push({ passage, start, end, isBetween: start > 0 && end < isQuoted.length })
    start = end
  }
  return stretches
}

function words(passage: Passage, start: number, end: number): string {
  const [first, last] = [passage.tokens[start], passage.tokens[end - 1]]
  return first && last && end > start ? passage.text.slice(first.start, last.end) : ''
}
