import { withExercise } from '#shared/alerts/headline'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import { localeCodes, type Locale } from '#shared/locales'
import { phrasesOf, type Phrases } from './phrases.ts'
import { tokenizeMessage, type Token, type TokenizeOptions } from './tokenize-message.ts'

/** A text of ours that is quoted by whole sentences, from any of them on. */
export interface Passage {
  locale: Locale
  name: 'headline' | 'description' | 'instruction' | 'rendering'
  text: string
  tokens: readonly Token[]
  /** Positions at which a sentence begins. */
  starts: readonly number[]
}

/** All that we said with one alert: its texts, and the labels and values that pages and channels set around them. */
export interface OfficialText { alert: PublishedAlert, passages: readonly Passage[], labels: () => Phrases, codes: ReadonlySet<string> }

export interface OfficialTextOptions extends TokenizeOptions {
  timeZone: string
  /** Whole messages as the channels send them, where they say more than the alert's texts. */
  renderings?: (alert: PublishedAlert) => readonly { locale: Locale, text: string }[]
}

const colours = {
  blue: ['蓝色', '四级', 'IV级', 'blue', 'level IV'], yellow: ['黄色', '三级', 'III级', 'yellow', 'level III'],
  orange: ['橙色', '二级', 'II级', 'orange', 'level II'], red: ['红色', '一级', 'I级', 'red', 'level I'],
} as const
const kinds = {
  warning: ['预警', '预警信息', '警情提示', 'warning', 'alert', 'safety alert'], tip: ['安全提醒', '安全提示', 'tip', 'safety tip'],
  solved: ['破案通报', '案件告破', 'case solved', 'solved'], notice: ['通知', '通告', '警方通报', 'notice'],
} as const
const fieldLabels = ['发布单位', '发布机关', '来源', '发布者', '区域', '范围', '影响范围', '影响区域', '适用范围', '类别', '事件', '联系电话', '咨询电话', '电话', '咨询', '级别', '预警级别', '防范建议', '防御指南', '怎么做', '请这样做', '核验码', '短码', '编号', 'area', 'areas', 'issued by', 'event', 'kind', 'contact', 'phone', 'questions', 'level', 'what to do', 'what happened', 'check code', 'code']
const exerciseLabels = ['演练', '演习', 'exercise', 'drill', 'this is an exercise', '这是演练', '本次为演练']
/* Only labels that cannot be read as when something happens: "时间" before the hour of sending would move an event. */
const timeLabels = {
  sent: ['发布时间', '发布于', 'issued', 'published', 'issued at', 'published at'],
  onset: ['起始时间', '开始时间', '生效时间', 'starts', 'begins'],
  expires: ['有效期至', '有效至', '有效期到', '预警有效期至', 'valid until', 'in force until', 'expires'],
} as const

/** @param options what tokens depend on; the same as for the message that is checked */
export function readOfficialText(alert: PublishedAlert, options: OfficialTextOptions): OfficialText {
  const read = (text: string) => tokenizeMessage(text, options)
  const passage = (locale: Locale, name: Passage['name'], text: string): Passage => {
    const tokens = read(text)
    return { locale, name, text, tokens, starts: tokens.flatMap((_token, index) => index === 0 || tokens[index - 1]?.isLast ? [index] : []) }
  }
  const passages = localeCodes.flatMap((locale) => {
    const text = alert.texts[locale]
    if (!text) return []
    return [passage(locale, 'headline', withExercise(text.headline, alert.isExercise, locale)), passage(locale, 'description', text.description), ...text.instruction ? [passage(locale, 'instruction', text.instruction)] : []]
  })
  const rendered = options.renderings?.(alert).map(({ locale, text }) => passage(locale, 'rendering', text)) ?? []
  const keysOf = (label: string) => read(label).map(({ key }) => key)
  const levels = levelsOf(alert).map(keysOf)
  const headlines = passages.filter(({ name }) => name === 'headline').map(headline => withoutLevel(headline, levels, alert)).filter(each => each !== undefined)
  let labels: Phrases | undefined
  const named = [...passages, ...rendered].flatMap(({ tokens }) => tokens.filter(({ kind }) => kind === 'code').map(({ key }) => key))
  return { alert, passages: [...passages, ...headlines, ...rendered], labels: () => labels ??= phrasesOf([...levels, ...labelsOf(alert).map(keysOf), ...timesOf(alert, options.timeZone, keysOf)]), codes: new Set([alert.identifier.slice(-9).replace('-', ''), ...named]) }
}

function levelsOf(alert: PublishedAlert): string[] {
  const colour = alert.colour ? colours[alert.colour] : []
  const kind = kinds[alert.kind]
  return [...kind, ...colour, ...colour.flatMap(word => kind.map(name => `${word}${/[a-z]/.test(word) ? ' ' : ''}${name}`))]
}

function labelsOf(alert: PublishedAlert): string[] {
  const names = [alert.event.name, alert.sender.name, ...alert.areas.map(({ label }) => label)].flatMap(({ zh, en }) => [zh, en])
  return [...names, ...fieldLabels, ...alert.isExercise ? exerciseLabels : [], ...[alert.contact, alert.web].filter(value => value !== null)]
}

/** A label and its value belong together: "valid until" must not stand before the hour at which the alert was sent. */
function timesOf(alert: PublishedAlert, timeZone: string, keysOf: (text: string) => string[]): string[][] {
  return (['sent', 'onset', 'expires'] as const).flatMap((name) => {
    const instant = alert[name]
    const times = instant ? writtenTimes(instant, timeZone).map(keysOf) : []
    const labels = name === 'sent' ? [...timeLabels.sent, alert.sender.name.zh, alert.sender.name.en] : timeLabels[name]
    return labels.map(keysOf).flatMap(label => times.map(time => [...label, ...time]))
  })
}

/** An instant as pages, posters and mails write it. */
function writtenTimes(instant: string, timeZone: string): string[] {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' }).formatToParts(new Date(instant)).map(({ type, value }) => [type, value]))
  const { year = '', month = '', day = '', hour = '', minute = '' } = parts
  const two = (value: string) => value.padStart(2, '0')
  const monthIn = (style: 'long' | 'short') => new Intl.DateTimeFormat('en-GB', { timeZone, month: style }).format(new Date(instant))
  const zhDays = [`${year}年${Number(month)}月${Number(day)}日`, `${Number(month)}月${Number(day)}日`, `${year}-${two(month)}-${two(day)}`, `${year}/${Number(month)}/${Number(day)}`]
  const zhHours = [`${hour}:${minute}`, `${Number(hour)}:${minute}`, `${Number(hour)}时${minute}分`, `${hour}时${minute}分`, ...minute === '00' ? [`${Number(hour)}时`] : []]
  const enDays = [`${Number(day)} ${monthIn('long')} ${year}`, `${Number(day)} ${monthIn('long')}`, `${Number(day)} ${monthIn('short')} ${year}`, `${Number(day)} ${monthIn('short')}`]
  return [...zhDays.flatMap(on => zhHours.map(at => `${on} ${at}`)), ...zhDays, ...enDays.flatMap(on => [`${on}, ${hour}:${minute}`, `${hour}:${minute} on ${on}`]), ...enDays]
}

/** "橙色预警：…" is often passed on without its first two words, which a coloured card has said; never so an exercise. */
function withoutLevel(headline: Passage, labels: readonly (readonly string[])[], alert: PublishedAlert): Passage | undefined {
  if (alert.isExercise || alert.messageType !== 'alert') return undefined
  const keys = headline.tokens.map(({ key }) => key)
  const length = Math.max(0, ...labels.filter(label => label.every((key, index) => keys[index] === key)).map(label => label.length))
  const first = headline.tokens[length]
  const before = headline.tokens[length - 1]
  if (!first || !before || !/[:：]/.test(headline.text.slice(before.end, first.start))) return undefined
  return { ...headline, tokens: headline.tokens.slice(length), starts: [0] }
}
