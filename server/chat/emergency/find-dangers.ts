import type { EmergencyKind } from './emergency-kinds.ts'
import type { CompiledRule, Lexicon } from './lexicon.ts'
import { readMarks } from './read-marks.ts'
import type { MarkHit, Marks, Span } from './read-marks.ts'
import { tokenize } from './tokenize.ts'
import type { TokenizedText } from './tokenize.ts'

/** How many tokens a denial reaches: "没有发现有人撬门" has four between 没有 and 撬; two more for a longer verb. */
const denialReach = 6

/** A danger with the words that gave it away. */
export interface Danger {
  kind: EmergencyKind
  matched: string
}

/** The gravest danger of the text that is neither denied nor past, figurative or merely asked about. */
export function findGravestDanger(text: string, lexicon: Lexicon): Danger | undefined {
  const tokenized = tokenize(text, lexicon.respell)
  const { markHits, partHits } = findPhrases(tokenized.tokens, lexicon)
  if (partHits.length === 0) return undefined

  const marks = readMarks(tokenized, markHits)
  const lastByConcept: (Span | undefined)[] = new Array(lexicon.rulesByConcept.length).fill(undefined)
  let gravest: { rule: CompiledRule, span: Span } | undefined
  for (const hit of partHits) {
    if (marks.isFigurative(hit)) continue
    for (const concept of hit.parts) {
      lastByConcept[concept] = hit
      for (const rule of lexicon.rulesByConcept[concept] ?? []) {
        if (gravest !== undefined && rule.rank >= gravest.rule.rank) continue
        const span = completeRule(rule, hit, lastByConcept, marks, tokenized)
        if (span === undefined || !isPresent(rule, span, lastByConcept, marks, tokenized)) continue
        gravest = { rule, span }
      }
    }
  }
  return gravest && { kind: gravest.rule.kind, matched: tokenized.tokens.slice(gravest.span.start, gravest.span.end).join(' ') }
}

interface PartHit extends Span {
  parts: readonly number[]
}

/** All phrases of the lexicon in the text, by where they start. A walk is never longer than the longest phrase. */
function findPhrases(tokens: readonly string[], lexicon: Lexicon): { markHits: MarkHit[], partHits: PartHit[] } {
  const markHits: MarkHit[] = []
  const partHits: PartHit[] = []
  for (let start = 0; start < tokens.length; start += 1) {
    let node = lexicon.root.next.get(tokens[start] ?? '')
    for (let end = start + 1; node !== undefined; end += 1) {
      for (const mark of node.marks) markHits.push({ mark, start, end })
      if (node.parts.length > 0) partHits.push({ parts: node.parts, start, end })
      node = node.next.size > 0 && end < tokens.length ? node.next.get(tokens[end] ?? '') : undefined
    }
  }
  return { markHits, partHits }
}

/** The stretch that holds every part of the rule, if `hit` was the one that completes it. */
function completeRule(
  rule: CompiledRule, hit: Span, lastByConcept: readonly (Span | undefined)[], marks: Marks, { sentences }: TokenizedText,
): Span | undefined {
  let { start, end } = hit
  let previousEnd = -1
  for (const concept of rule.partConcepts) {
    const part = lastByConcept[concept]
    if (part === undefined || (rule.inOrder && part.start < previousEnd)) return undefined
    previousEnd = part.end
    if (part.start < start) start = part.start
    if (part.end > end) end = part.end
    if (end - start > rule.within && rule.partConcepts.length > 1) return undefined
  }
  const groups = rule.acrossClauses ? sentences : marks.clauses
  return groups[start] === groups[end - 1] ? { start, end } : undefined
}

function isPresent(
  rule: CompiledRule, span: Span, lastByConcept: readonly (Span | undefined)[], marks: Marks, { clauses, loudClauses }: TokenizedText,
): boolean {
  if (rule.loud && !loudClauses.has(clauses[span.start] ?? -1)) return false
  if (rule.sure) return true
  for (const concept of rule.partConcepts) {
    if (marks.deniedSince(lastByConcept[concept]?.start ?? span.start) <= denialReach) return false
  }
  if (marks.isPast(span) || marks.isResolved(span)) return marks.isOngoingAfter(span.start)
  if (marks.isNow(span)) return true
  if (marks.isStory(span)) return false
  return !marks.isProcedure(span) || marks.isAtHand(span)
}
