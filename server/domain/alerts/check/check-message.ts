import type { AlertReference, PublishedAlert } from '#shared/alerts/published-alert'
import type { MessageType } from '#shared/alerts/alert-words'
import type { CheckVerdict } from '#shared/alerts/check-page'
import { effectiveState } from '#shared/alerts/effective-state'
import { coverMessage, type Segment } from './cover-message.ts'
import { findDifferences, type Difference } from './differences.ts'
import { harmlessPhrases } from './harmless-words.ts'
import { readOfficialText, type OfficialText, type OfficialTextOptions, type Passage } from './official-text.ts'
import { phrasesOf, type Phrases } from './phrases.ts'
import { isActionable, readRemarks } from './remarks.ts'
import { stripEnvelope } from './strip-envelope.ts'
import { tokenizeMessage, type Token } from './tokenize-message.ts'
import { whatIsLeftOut } from './left-out.ts'

export type { CheckVerdict }

export interface CheckResult {
  verdict: CheckVerdict
  /** The alert that the message is, or was made of. */
  identifier?: string
  isExercise?: boolean
  /** It quotes only a part: whoever reads it should see the whole. */
  isPartial?: boolean
  /** With `altered`: what we said is in it word for word, and the differences are what was added. */
  isOnlyAdded?: boolean
  /** With `isOnlyAdded`: what was added is nothing that somebody could act on, a comment most likely. */
  isComment?: boolean
  /** Ours, and around it these words of people's own, that nobody can act on: shown as not ours. */
  remarks?: string[]
  /** The last message about the matter, where that is not this one. */
  endedBy?: AlertReference & { messageType: MessageType }
  /** With `altered`, at least one. */
  differences?: Difference[]
}

export interface CheckOptions extends Omit<OfficialTextOptions, 'codes'> {
  /** ISO 8601: what has expired by then is outdated. */
  now: string
}

/** How many alerts are compared word by word, besides those that the message names. */
const mostCandidates = 8
/** Fewer words of ours than these could be anybody's ("请勿转账"), unless they are a whole headline. */
const leastEvidence = 10
/** From this share of the message's pairs of words on, it is a changed alert and not something else. Fitted on the tune half. */
const similarShare = 0.35
const leastSimilarPairs = 5

/**
 * Tells whether a message is an alert of ours: code, link, pasted text or any mixture. Pure.
 * Every word of the message has to be ours or to say nothing; how it is set does not matter. See docs/decisions/alert-check.md.
 */
export function checkMessage(text: string, alerts: readonly PublishedAlert[], options: CheckOptions): CheckResult {
  return messageChecker(alerts, options)(text, options.now)
}

/** The same for many messages: alerts are read once, which takes some milliseconds each. Keep it as long as nothing is published. */
export function messageChecker(alerts: readonly PublishedAlert[], options: Omit<CheckOptions, 'now'>): (text: string, now: string) => CheckResult {
  const codes = new Set(alerts.map(({ identifier }) => identifier.slice(-9).replace('-', '')))
  const reading = { ...options, codes }
  const harmless = phrasesOf(harmlessPhrases.map(phrase => tokenizeMessage(phrase, reading).map(({ key }) => key)))
  const officials = alerts.map(alert => ({ official: readOfficialText(alert, reading), pairs: new Set<string>() }))
  for (const each of officials) for (const { tokens } of each.official.passages) for (const pair of pairsOf(tokens)) each.pairs.add(pair)
  const byIdentifier = new Map(alerts.map(alert => [alert.identifier, alert]))
  return (text, now) => {
    const message = tokenizeMessage(stripEnvelope(text), reading)
    const named = new Set(message.filter(({ kind }) => kind === 'code').map(({ key }) => key))
    const pairs = pairsOf(message)
    const near = officials.map((each) => {
      const shared = pairs.filter(pair => each.pairs.has(pair)).length
      return { ...each, shared, isNamed: named.has(codeOf(each.official.alert)) }
    }).filter(({ shared, isNamed }) => shared > 0 || isNamed || message.length <= 3)
    const candidates = near.sort((one, other) => Number(other.isNamed) - Number(one.isNamed) || other.shared - one.shared).slice(0, mostCandidates)
    const judged = candidates.map(candidate => judge(text, message, candidate, harmless)).filter(each => each !== undefined)
    const preferred = judged.sort((one, other) => rank(other, now) - rank(one, now) || other.alert.sent.localeCompare(one.alert.sent))[0]
    return preferred ? conclude(preferred, byIdentifier, now) : { verdict: 'unknown' }
  }
}

/** How a message stands to one alert. `describe` compares word by word: only for the one that is answered with. */
interface Judgement { alert: PublishedAlert, isNamed: boolean, shared: number, isPartial: boolean, isAltered: boolean, remarks?: string[], describe: () => Pick<CheckResult, 'differences' | 'isOnlyAdded' | 'isComment'> }

/** What a message is beside one alert; undefined when it has nothing to do with it. */
function judge(text: string, message: readonly Token[], { official, pairs, shared, isNamed }: { official: OfficialText, pairs: ReadonlySet<string>, shared: number, isNamed: boolean }, harmless: Phrases): Judgement | undefined {
  const segments = coverMessage(message, official, harmless)
  const said = segments.filter(segment => segment.kind === 'said')
  const about = { alert: official.alert, isNamed, shared }
  if (!segments.some(({ kind }) => kind === 'foreign')) {
    if (!isNamed && !isEvidence(said)) return undefined
    const { isPartial, differences } = whatIsLeftOut(official, said, message)
    return { ...about, isPartial: isPartial && said.length > 0, isAltered: differences.length > 0, describe: () => ({ differences }) }
  }
  const left = whatIsLeftOut(official, said, message)
  if ((isNamed || isEvidence(said)) && !left.differences.length) {
    const remarks = readRemarks(text, message, segments, pairs)
    if (!remarks.hasAnyOther) return { ...about, isPartial: left.isPartial && said.length > 0, isAltered: false, remarks: remarks.texts, describe: () => ({}) }
  }
  const meaningful = segments.filter(({ kind }) => kind === 'foreign' || kind === 'said').reduce((sum, { from, to }) => sum + to - from, 0)
  if (!isNamed && (shared < leastSimilarPairs || shared / Math.max(1, meaningful - 1) < similarShare)) return undefined
  const describe = () => {
    const differences = differencesOf(text, message, official, segments)
    const isOnlyAdded = isEvidence(said) && differences.every(({ weSaid }) => weSaid === null) && left.differences.length === 0
    const isComment = isOnlyAdded && !differences.some(({ says }) => says !== null && isActionable(says))
    return { differences, ...isOnlyAdded ? { isOnlyAdded } : {}, ...isComment ? { isComment } : {} }
  }
  return { ...about, isPartial: false, isAltered: true, describe }
}

function differencesOf(text: string, message: readonly Token[], official: OfficialText, segments: readonly Segment[]): Difference[] {
  const foreign = segments.filter(({ kind }) => kind === 'foreign')
  const idle = new Set(segments.filter(({ kind }) => kind === 'harmless' || kind === 'label' || kind === 'code').flatMap(({ from, to }) => Array.from({ length: to - from }, (_each, index) => from + index)))
  const found = findDifferences(text, message, index => idle.has(index), nearestPassages(message, official.passages))
  return found.length ? found : foreign.map(({ from, to }) => ({ says: text.slice(message[from]?.start, message[to - 1]?.end), weSaid: null }))
}

/** Those of the alert's texts that the message is made of, in the language that shares more with it. */
function nearestPassages(message: readonly Token[], passages: readonly Passage[]): Passage[] {
  const keys = new Set(message.map(({ key }) => key))
  const texts = passages.filter(({ name, tokens, text }) => name !== 'rendering' && tokens[0]?.start === 0 && text)
  const share = (locale: string) => texts.filter(passage => passage.locale === locale).flatMap(({ tokens }) => tokens).filter(({ key }) => keys.has(key)).length
  const locale = [...new Set(texts.map(passage => passage.locale))].sort((one, other) => share(other) - share(one))[0]
  const own = texts.filter(passage => passage.locale === locale)
  // A date that headline and description share must not be taken for the other one's.
  const pairs = new Set(pairsOf(message))
  const quoted = own.filter(({ tokens }) => {
    const shared = pairsOf(tokens).filter(pair => pairs.has(pair)).length
    return shared * 2 >= tokens.length - 1 || shared * 2 >= pairs.size
  })
  return quoted.length ? quoted : own
}

/** Enough of ours that nobody says it by chance: a whole headline, or ten words. */
function isEvidence(said: readonly Extract<Segment, { kind: 'said' }>[]): boolean {
  const words = said.reduce((sum, { from, to }) => sum + to - from, 0)
  return words >= leastEvidence || said.some(({ passage, start, end }) => passage.name === 'headline' && start === 0 && end === passage.tokens.length)
}

function pairsOf(tokens: readonly Token[]): string[] {
  return tokens.slice(1).map((token, index) => `${tokens[index]?.key} ${token.key}`)
}

const codeOf = ({ identifier }: PublishedAlert) => identifier.slice(-9).replace('-', '')

/** Unaltered before altered, named before found, what still counts before what is over. */
function rank({ alert, isNamed, shared, isAltered }: Judgement, now: string): number {
  return isAltered ? Number(isNamed) * 2000 + Math.min(shared, 1000) : 10_000 + Number(isNamed) * 2000 + Number(effectiveState(alert, now) === 'current') * 1000
}

function conclude({ alert, isPartial, isAltered, remarks, describe }: Judgement, byIdentifier: ReadonlyMap<string, PublishedAlert>, now: string): CheckResult {
  const endedBy = lastOf(alert, byIdentifier)
  const about = { identifier: alert.identifier, isExercise: alert.isExercise, ...isPartial ? { isPartial } : {}, ...remarks?.length ? { remarks } : {}, ...endedBy ? { endedBy } : {} }
  if (isAltered) return { verdict: 'altered', ...about, ...describe() }
  if (endedBy) return { verdict: endedBy.messageType === 'cancel' ? 'cancelled' : 'outdated', ...about }
  return { verdict: effectiveState(alert, now) === 'current' ? 'genuine' : 'outdated', ...about }
}

/** An update may have been updated or cancelled itself: the last word counts. */
function lastOf(alert: PublishedAlert, byIdentifier: ReadonlyMap<string, PublishedAlert>) {
  let last = alert.endedBy
  for (let steps = 0; last && steps < byIdentifier.size; steps++) {
    const next = byIdentifier.get(last.identifier)?.endedBy
    if (!next) break
    last = next
  }
  return last
}
