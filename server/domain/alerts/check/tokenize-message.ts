import { numberSigns, readNumber, readNumberWords } from './read-number.ts'
import { simplified } from './simplified.ts'
import { codeOf, readLink } from './read-link.ts'

/**
 * What a text is made of once it does not matter how it is set: a Han character, a word, a number, a link, a code.
 * Two tokens say the same exactly when their keys are equal.
 */
export interface Token {
  key: string
  kind: 'han' | 'word' | 'number' | 'sign' | 'code' | 'part_of_code' | 'link' | 'own_link' | 'trick'
  /** Where it stands in the text: UTF-16 units, the end is exclusive. */
  start: number
  end: number
  /** A sentence ends after it. */
  isLast: boolean
  /** Digits that begin a line right after digits that end one. */
  isContinued: boolean
}

export interface TokenizeOptions {
  /** The portal's own address; links below it are ours. */
  publicUrl: string
  /** The short codes that we gave out, without hyphen: eight signs that are none of them are a word or a number. */
  codes: ReadonlySet<string>
}

/** Marks that show a text otherwise than it reads: direction overrides and strokes through letters; messengers strike out what stands between two `~`. */
const tricks = /[\u202A-\u202E\u2066-\u2069]|\u0335|\u0336|\u0337|\u0338/
const invisible = /[\u200B-\u200F\u2060\u00AD\uFEFF]|\uFE0E|\uFE0F|\u20E3/
/** Crosses and "no" signs say that what they stand beside is wrong. */
const crosses = /[❌✖✗✘❎🚫🙅]/u
/** Full-width marks that would become part of a link or number if they were made narrow. */
const wideMarks = /[，：；！？（）～]/

const number = `\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?`
const patterns = [
  ['mail', /[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/],
  ['link', /(?:https?:\/\/|www\.)[\w\-.~:/?#@!$&'*+,;=%[\]]+|(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\/[\w\-.~:/?#@!$&'*+,;=%]*|(?:[a-z0-9-]+\.)+(?:cn|com|net|org|example|top|xyz|vip|info|cc|me|app|gov)(?![a-z])/],
  ['code', /\blla[ \-–—]?[0-9a-z]{4}[ \-–—]?[0-9a-z]{4}(?![0-9a-z])/],
  ['part', /\blla-[0-9a-z]{0,4}(?:-[0-9a-z]{0,3})?(?=[\s.…]*$)/],
  ['bare', /(?<![0-9a-z-])[0-9a-z]{4}[ \-–—]?[0-9a-z]{4}(?![0-9a-z])/],
  ['phone', /\d(?:[ -]?\d){6,}(?![.,]?\d)/],
  ['percent', new RegExp(`百分之[${numberSigns}\\d.]+`)],
  ['number', new RegExp(`(?:${number}|[${numberSigns}])(?:${number}|[${numberSigns}])*`)],
  ['word', /[\p{L}\p{M}]/u],
] as const
const scanner = new RegExp(patterns.map(([name, pattern]) => `(?<${name}>${pattern.source})`).join('|') + `|(?<cross>${crosses.source})|(?<trick>${tricks.source}|~(?=[^~\\s][^~\\n]{0,200}~))|(?<sign>[%‰¥$€£°]|(?<=\\d)\\s?[-/:~–—]\\s?(?=\\d)|\\+(?=\\d)|[-−](?=\\d+(?:\\.\\d+)?(?:度|℃|°)))`, 'gu')

/** Reads a text into tokens. Line breaks, punctuation, emoji, width of letters and capitals leave no trace. */
export function tokenizeMessage(text: string, { publicUrl, codes }: TokenizeOptions): Token[] {
  const { flat, at } = flatten(simplified(text))
  const tokens: Token[] = []
  let from = 0
  const push = (kind: Token['kind'], key: string, start: number, end: number) => {
    const last = tokens.at(-1)
    if (last && /[。！？!?;；\n]|\.(?:\s|$)/.test(flat.slice(from, start))) last.isLast = true
    tokens.push({ key, kind, start: at[start] ?? 0, end: (at[end - 1] ?? 0) + 1, isLast: false, isContinued: /^-?\n$/.test(flat.slice(from, start)) })
    from = end
  }
  scanner.lastIndex = 0
  for (let found = scanner.exec(flat); found; found = scanner.exec(flat)) {
    const start = found.index
    const length = take(flat, start, found, { publicUrl, codes }, push)
    scanner.lastIndex = start + length
  }
  const last = tokens.at(-1)
  if (last) last.isLast = true
  return joinNumberWords(tokens).map(spanSign)
}

/** "7:20至8:10", "7:20—8:10", "6:30 to 10:30": from one number to the next. */
function spanSign(token: Token, index: number, all: readonly Token[]): Token {
  if (!/^(?:至|到|to)$/.test(token.key) || all[index + 1]?.kind !== 'number' || !isAmount(all, index - 1)) return token
  return { ...token, key: '-', kind: 'sign' }
}

/** A number, or a number and its unit: "2点" in "2点至4点". */
function isAmount(all: readonly Token[], index: number): boolean {
  return all[index]?.kind === 'number' || (/^[点时分日月号楼栋幢年人元起]$/.test(all[index]?.key ?? '') && all[index - 1]?.kind === 'number')
}

type Push = (kind: Token['kind'], key: string, start: number, end: number) => void

/** Pushes what was found at a place and says how many signs it took. */
function take(flat: string, start: number, found: RegExpExecArray, options: TokenizeOptions, push: Push): number {
  const groups = found.groups ?? {}
  const written = found[0]
  const all = (kind: Token['kind'], key: string) => { push(kind, key, start, start + written.length); return written.length }
  if (groups.mail) return all('link', written)
  if (groups.link) {
    const link = written.replace(/[.,;:!?'*]+$/, '')
    const { kind, key } = readLink(link, options.publicUrl)
    push(kind, key, start, start + link.length)
    return link.length
  }
  if (groups.code) return all('code', codeOf(written.slice(3)))
  if (groups.part) return all('part_of_code', written.toUpperCase())
  if (groups.bare) {
    if (options.codes.has(codeOf(written))) return all('code', codeOf(written))
    return takeWordOrNumber(flat, start, push)
  }
  if (groups.phone) return all('number', written.replace(/[ -]/g, ''))
  if (groups.percent) { push('number', readNumber(written.slice(3)) ?? written, start, start + written.length - 1); push('sign', '%', start + written.length - 1, start + written.length); return written.length }
  if (groups.cross) return all('sign', '✗')
  if (groups.trick) return all('trick', `trick:${start}`)
  if (groups.sign) return all('sign', written.trim().replace(/[~–—−]/, '-'))
  return takeWordOrNumber(flat, start, push)
}

const phoneHere = new RegExp(patterns[5][1].source, 'uy')
const numberHere = new RegExp(patterns[7][1].source, 'uy')
const wordHere = /[a-z]+(?:'[a-z]+)*/y
const lettersHere = /(?:(?![a-z]|\p{Script=Han})[\p{L}\p{M}])+/uy

function takeWordOrNumber(flat: string, start: number, push: Push): number {
  const match = (pattern: RegExp) => { pattern.lastIndex = start; return pattern.exec(flat)?.[0] }
  const phone = match(phoneHere)
  if (phone) { push('number', phone.replace(/[ -]/g, ''), start, start + phone.length); return phone.length }
  const written = match(numberHere)
  if (written) {
    const value = readNumber(written)
    if (value === undefined) for (const [index, sign] of [...written].entries()) push('number', readNumber(sign) ?? sign, start + index, start + index + 1)
    else push('number', value, start, start + written.length)
    const suffix = /^\d+$/.test(written) ? /^(?:st|nd|rd|th)(?![a-z])/.exec(flat.slice(start + written.length, start + written.length + 3))?.[0] ?? '' : ''
    return written.length + suffix.length
  }
  const word = match(wordHere) ?? match(lettersHere)
  if (word) { push('word', word, start, start + word.length); return word.length }
  const sign = String.fromCodePoint(flat.codePointAt(start) ?? 0)
  push('han', sign, start, start + sign.length)
  return sign.length
}

/** Narrow, lower case, without what nobody sees; `at` says where each sign stood. */
function flatten(text: string): { flat: string, at: number[] } {
  let flat = ''
  const at: number[] = []
  let index = 0
  for (const sign of text) {
    const plain = /^[\n -&(-_a-~\u4E00-\u9FFF]$/.test(sign) ? sign.toLowerCase() : plainSign(sign, flat.at(-1) ?? '', text.charAt(index + sign.length))
    for (let unit = 0; unit < plain.length; unit++) at.push(index + Math.min(unit, sign.length - 1))
    flat += plain
    index += sign.length
  }
  return { flat, at }
}

function plainSign(sign: string, previous: string, next: string): string {
  if (invisible.test(sign)) return ''
  if (tricks.test(sign)) return sign
  if (wideMarks.test(sign) && !(/[，：～]/.test(sign) && /\d/.test(previous) && /\d/.test(next.normalize('NFKC')))) return /[；！？]/.test(sign) ? '\n' : ' '
  return sign.normalize('NFKC').toLowerCase().replace(/[’‘`´]/g, '\'')
}

/** "Twenty thousand" and "20 thousand" are the number 20000. */
function joinNumberWords(tokens: Token[]): Token[] {
  const joined: Token[] = []
  for (let index = 0; index < tokens.length;) {
    const first = tokens[index]
    if (!first) break
    const ahead: string[] = []
    for (const token of tokens.slice(index, index + 8)) {
      if (token.kind !== 'word' && token.kind !== 'number') break
      ahead.push(token.key)
      if (token.isLast) break
    }
    const read = first.kind === 'word' || /^\d/.test(first.key) ? readNumberWords(ahead) : undefined
    const last = read && tokens[index + read.length - 1]
    if (read && last) joined.push({ key: read.value, kind: 'number', start: first.start, end: last.end, isLast: last.isLast, isContinued: first.isContinued })
    else joined.push(first)
    index += read?.length ?? 1
  }
  return joined
}
