/*
  How well messages are told apart, on the corpus of tests/alerts (written before the rules were tuned, every second message of a verdict belongs to the test half),
  and on two sets with remarks of people's own, where only what must never happen is gated.
    genuineFound     of messages that are ours: called genuine
    alteredAsOurs    altered ones that were called anything but altered or unknown; must be none
    overFound        of messages that were ours once: called outdated or cancelled, as they are
    strangersAsOurs  rumours and other people's messages that were called anything but unknown or altered; must be none
    unknownKept      of these: called unknown
*/
import type { Locale } from '#shared/locales'
import { messageChecker, type CheckVerdict } from '#server/domain/alerts/check/check-message'
import { knownAlerts, now, publicUrl } from './known-alerts.ts'
import { peopleAlerts } from './people.ts'
import { readCorpus, type CheckedMessage } from './read-corpus.ts'

export const bars = { genuineFound: 0.98, alteredAsOurs: 0, strangersAsOurs: 0, overFound: 0.95 } as const
export interface Figures { messages: number, genuineFound: number, alteredAsOurs: number, alteredFound: number, overFound: number, strangersAsOurs: number, unknownKept: number }

/** @param onMiss told about each message with another verdict than it deserves */
export function evaluate(locale: Locale, part: CheckedMessage['part'], onMiss?: (message: CheckedMessage, got: CheckVerdict, differences: string) => void): Figures {
  const check = messageChecker(part.startsWith('people') ? [...peopleAlerts.values()] : Object.values(knownAlerts), { publicUrl, timeZone: 'Asia/Shanghai' })
  const messages = readCorpus(locale).filter(message => message.part === part)
  const results = messages.map((message) => {
    const result = check(message.text, now)
    const isRight = result.verdict === message.verdict && (!message.alert || message.verdict === 'altered' || result.identifier === message.alert.identifier)
    if (!isRight) onMiss?.(message, result.verdict, JSON.stringify(result))
    return { wanted: message.verdict, got: result.verdict, isRight }
  })
  const share = (some: typeof results, isMet: (one: typeof results[number]) => boolean) => some.length ? some.filter(isMet).length / some.length : 1
  const isTakenForOurs = ({ got }: typeof results[number]) => got !== 'altered' && got !== 'unknown'
  const of = (...verdicts: CheckVerdict[]) => results.filter(({ wanted }) => verdicts.includes(wanted))
  return {
    messages: messages.length,
    genuineFound: share(of('genuine'), ({ isRight }) => isRight),
    alteredAsOurs: of('altered').filter(isTakenForOurs).length,
    alteredFound: share(of('altered'), ({ isRight }) => isRight),
    overFound: share(of('outdated', 'cancelled'), ({ isRight }) => isRight),
    strangersAsOurs: of('unknown').filter(isTakenForOurs).length,
    unknownKept: share(of('unknown'), ({ isRight }) => isRight),
  }
}
