/*
  The corpus is written in templates, so that a reader sees what a message does to the alert's words:
    {h} {d} {i}              the alert's headline (of an exercise with its mark), description, instruction in the corpus' language
    {d|3名=>13名|a=>b}        the same with words replaced; a word that is not there is an error
    {cut40:d}                its first 40 characters
    {wide:…} {bare:…} {wrap:…} {upper:…}   full-width digits and letters; no punctuation; a line break every 12 characters (8 words); capitals
    {code} {id} {link}       short code, identifier, link of its page
    {refund.d}               of another alert
  Every second message of a kind and language belongs to the test half, which the rules were not tuned on.
*/
import type { Locale } from '#shared/locales'
import { shownHeadline } from '#shared/alerts/headline'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { CheckVerdict } from '#server/domain/alerts/check/check-message'
import { corpusEn } from './corpus-en.ts'
import { corpusFresh } from './corpus-fresh.ts'
import { corpusZh } from './corpus-zh.ts'
import { readPeople } from './people.ts'
import { knownAlerts, publicUrl, type AlertName } from './known-alerts.ts'

/** The alert it is about, the verdict it deserves, the message. */
export type CorpusRow = readonly [AlertName | null, CheckVerdict, string]

export interface CheckedMessage { alert: PublishedAlert | undefined, verdict: CheckVerdict, text: string, locale: Locale, part: 'tune' | 'test' | 'fresh' | 'people-tune' | 'people-test' }

const changed: Record<string, (text: string, locale: Locale) => string> = {
  wide: text => text.replace(/[0-9A-Za-z]/g, sign => String.fromCharCode(sign.charCodeAt(0) + 0xFEE0)),
  bare: (text, locale) => text.replace(/[，。、：；！？“”（）]/g, locale === 'zh' ? '' : ' ').replace(/[,;!?"()]|[.:](?!\d)/g, '').replace(/(?<=\d),(?=\d{3})/g, ''),
  wrap: (text, locale) => locale === 'zh' ? text.replace(/.{12}/gu, '$&\n') : text.replace(/(?:\S+ ){8}/g, '$&\n'),
  upper: text => text.toUpperCase(),
}

function partOf(alert: PublishedAlert, name: string, locale: Locale): string {
  const text = alert.texts[locale] ?? alert.texts.zh
  const parts: Record<string, string> = {
    h: shownHeadline(alert, locale), d: text.description, i: text.instruction ?? '', code: alert.identifier.slice(4), id: alert.identifier, link: `${publicUrl}/${locale}/alerts/${alert.identifier}`,
  }
  const part = parts[name]
  if (!part) throw new Error(`${alert.identifier} has no {${name}}`)
  return part
}

function expand(template: string, own: AlertName | null, locale: Locale): string {
  return template.replace(/\{([^{}]+)\}/g, (_all, inside: string) => {
    const [head = '', ...edits] = inside.split('|')
    const { how, name = own, part = '' } = /^(?:(?<how>\w+):)?(?:(?<name>[\w-]+)\.)?(?<part>\w+)$/.exec(head)?.groups ?? {}
    const alert = name && knownAlerts[name as AlertName]
    if (!alert) throw new Error(`no such alert in {${inside}}`)
    const text = edits.reduce((before, edit) => {
      const [from = '', to = ''] = edit.split('=>')
      if (!before.includes(from)) throw new Error(`${from} is not in ${before}`)
      return before.replace(from, to)
    }, partOf(alert, part, locale))
    const cut = /^cut(\d+)$/.exec(how ?? '')
    if (cut) return [...text].slice(0, Number(cut[1])).join('')
    return how ? changed[how]!(text, locale) : text
  })
}

/** Every message of the corpus, in one language. */
export function readCorpus(locale: Locale): CheckedMessage[] {
  const seen = new Map<CheckVerdict, number>()
  const message = ([name, verdict, template]: CorpusRow, part: CheckedMessage['part']) => ({ alert: name === null ? undefined : knownAlerts[name], verdict, text: expand(template, name, locale), locale, part })
  const halved = (locale === 'zh' ? corpusZh : corpusEn).map((row) => {
    const count = (seen.get(row[1]) ?? 0) + 1
    seen.set(row[1], count)
    return message(row, count % 2 ? 'tune' : 'test')
  })
  return [...halved, ...corpusFresh[locale].map(row => message(row, 'fresh')), ...readPeople(locale)]
}
