/** A text cut into tokens, with the clause and sentence that each belongs to. */
export interface TokenizedText {
  /** A Han character or a lower-case word; `^` and `$` stand around every clause. */
  tokens: string[]
  clauses: number[]
  sentences: number[]
  /** Clauses with an exclamation mark or stretched letters. */
  loudClauses: Set<number>
}

/** Says what a raw word becomes: one or more tokens, or none. */
export type Respell = (word: string) => readonly string[]

/** Stands for letters that were stretched ("heeelp"); control characters of the text itself are gone by then. */
const stretched = '\u0001'
const stretchedLetters = /([\p{L}\p{M}])\1{2,}/gu
const hanSpelledApart = /(?<!\p{Script=Han})\p{Script=Han}(?:[\s\p{P}]{1,3}\p{Script=Han}(?!\p{Script=Han}))+/gu
const notHan = /\P{Script=Han}/gu
const wordCharacter = /[\p{L}\p{N}\p{M}]/u
const invisible = /[\p{Cf}\p{Cs}\u{FE00}-\u{FE0F}]/u
/** All but ASCII letters, digits, punctuation, line ends and unified ideographs. */
const neededFolding = /[^\x20-\x5f\x61-\x7e\n\u4e00-\u9fff]/gu
const sentenceEnds = new Set('.。!?;…\n\r\u2028\u2029')
const quotes = new Set('\'’‘`´')

/**
 * Cuts a text into tokens in linear time. Full-width and compatibility forms are folded, invisible characters dropped,
 * stretched letters shortened, Han characters spelled apart (救 命, 着！火！) joined. Any string will do, also one
 * with NUL or lone surrogates.
 */
export function tokenize(text: string, respell: Respell): TokenizedText {
  const out: TokenizedText = { tokens: ['^'], clauses: [0], sentences: [0], loudClauses: new Set() }
  let clause = 0
  let sentence = 0
  let word = ''
  let pendingBreak: 'clause' | 'sentence' | undefined

  function write(token: string): void {
    out.tokens.push(token)
    out.clauses.push(clause)
    out.sentences.push(sentence)
  }

  function writeBreak(): void {
    if (pendingBreak === undefined) return
    write('$')
    clause += 1
    if (pendingBreak === 'sentence') sentence += 1
    pendingBreak = undefined
    write('^')
  }

  function writeWord(): void {
    if (word === '') return
    const tokens = respell(word)
    word = ''
    for (const token of tokens) write(token)
  }

  let afterHan = false
  for (const char of fold(text)) {
    if (isHan(char)) {
      writeWord()
      writeBreak()
      word = char
      writeWord()
      afterHan = true
    }
    else if (char === stretched) {
      out.loudClauses.add(clause)
    }
    else if (isWordCharacter(char)) {
      if (word === '') writeBreak()
      word += char
      afterHan = false
    }
    else if (char === '\'') {
      if (word !== '') word += char
    }
    else {
      writeWord()
      if (char === '!') out.loudClauses.add(clause)
      if (sentenceEnds.has(char)) pendingBreak = 'sentence'
      // A space in Chinese stands where others write a comma; between Latin words it is no break.
      else if (char !== ' ' || afterHan) pendingBreak ??= 'clause'
    }
  }
  writeWord()
  write('$')
  return out
}

/** Lower case, compatibility forms unified, invisible characters gone, stretched letters marked. */
function fold(text: string): string {
  // Long runs of combining marks make normalisation quadratic; no language needs more than three.
  const composed = text.replace(/(\p{M}{3})\p{M}+/gu, '$1').normalize('NFC')
  return composed
    .replace(neededFolding, foldCharacter)
    .toLowerCase()
    .replace(hanSpelledApart, run => run.replace(notHan, ''))
    .replace(stretchedLetters, `$1${stretched}`)
}

const foldedCharacters = new Map<string, string>()

function foldCharacter(char: string): string {
  let folded = foldedCharacters.get(char)
  if (folded === undefined) {
    const code = char.codePointAt(0) ?? 0
    if (code === 0x0d || code === 0x09) folded = code === 0x09 ? ' ' : '\n'
    else if (code < 0x20 || code === 0x7f) folded = ''
    else if (quotes.has(char)) folded = '\''
    else if (char === '\u{1F198}') folded = ' sos '
    else if (invisible.test(char)) folded = ''
    else {
      folded = char.normalize('NFKC')
      // Some ligatures unfold to eighteen letters; nobody cries for help in them.
      if (folded.length > 4) folded = char
    }
    // The cache only saves time on Chinese punctuation and the like; it must not grow with hostile input.
    if (foldedCharacters.size < 2000) foldedCharacters.set(char, folded)
  }
  return folded
}

function isWordCharacter(char: string): boolean {
  const code = char.charCodeAt(0)
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)
  return wordCharacter.test(char)
}

function isHan(char: string): boolean {
  const code = char.codePointAt(0) ?? 0
  return (code >= 0x3400 && code <= 0x9fff) || (code >= 0x20000 && code <= 0x3ffff)
}
