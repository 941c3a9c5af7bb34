import type { Locale } from '#shared/locales'
import type { Candidate } from './article-index.ts'
import type { Near } from './semantic.ts'

export const decisions = ['answer', 'choices', 'none'] as const
export type Decision = (typeof decisions)[number]

/*
  How sure the search is: a logistic curve fitted on the tune half of tests/chat/evaluation, over how near the best line and the three
  nearest come, how much of the question the article says, and how far behind the next one is. A word of another office or of the
  weather (off-topic.ts) takes as much away as the nearest line can give.
*/
const curve = { base: -3.9, line: 0.35, lines: 2.5, cover: 2.2, margin: 0.6, offTopic: -3.5 }

/** English articles share more of their words, so more is asked of an answer there. Below `choices` a person is better. */
export const thresholds: Record<Locale, { answer: number, choices: number }> = { zh: { answer: 0.8, choices: 0.2 }, en: { answer: 0.85, choices: 0.25 } }

/** Two sentences of one meaning are nearer than this to models of the default's kind, two of different meanings hardly ever. Not fitted: it only opens a choice. */
const alike = 0.6

/** How likely the first candidate is the right one, 0 to 1. */
export function confidenceOf([first, second]: readonly Candidate[], isOffTopic: boolean): number {
  if (!first) return 0
  const margin = Math.min(first.score - (second?.score ?? 0), 4)
  return 1 / (1 + Math.exp(-(curve.base + curve.line * first.line + curve.lines * first.lines + curve.cover * first.cover + curve.margin * margin + (isOffTopic && first.line < 0.95 ? curve.offTopic : 0))))
}

/** Answer, offer choices, or leave it to a person. What a model finds near, too, lifts what the words alone leave open; what it alone finds is offered, never answered with. */
export function decide(candidates: readonly Candidate[], { locale, isOffTopic, near }: { locale: Locale, isOffTopic: boolean, near?: readonly Near[] }): { decision: Decision, confidence: number } {
  const words = confidenceOf(candidates, isOffTopic)
  const meaning = near?.[0] && near[0].slug === candidates[0]?.slug ? near[0].similarity : 0
  const { answer, choices } = thresholds[locale]
  const isAlike = !isOffTopic && (near?.[0]?.similarity ?? 0) >= alike
  const confidence = Math.max(words, (words + meaning) / 2, isAlike ? choices : 0)
  return { confidence, decision: confidence >= answer ? 'answer' : confidence >= choices ? 'choices' : 'none' }
}
