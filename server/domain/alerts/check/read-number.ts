const digits: Readonly<Record<string, number>> = {
  零: 0, 〇: 0, 一: 1, 壹: 1, 二: 2, 贰: 2, 两: 2, 三: 3, 叁: 3, 四: 4, 肆: 4, 五: 5, 伍: 5, 六: 6, 陆: 6, 七: 7, 柒: 7, 八: 8, 捌: 8, 九: 9, 玖: 9,
}
const units: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 }
const bigUnits: Readonly<Record<string, number>> = { 万: 1e4, 亿: 1e8 }

/** Signs that may stand in a written number, for a regular expression's class. */
export const numberSigns = [...Object.keys(digits), ...Object.keys(units), ...Object.keys(bigUnits)].join('')

/**
 * The value of a number written with Chinese numerals, digits or both (三十万, 30万, 3.5万, 二〇二六, 一万五), as it is written with digits.
 * Undefined where it has no single value: 三四 may be three or four.
 */
export function readNumber(written: string): string | undefined {
  if (/^\d/.test(written) && /^[\d,]+(?:\.\d+)?$/.test(written)) return written.replaceAll(',', '')
  const parts = written.match(/\d[\d,]*(?:\.\d+)?|[^\d,.]/g) ?? []
  if (parts.join('').length !== written.length) return undefined
  if (parts.every(part => digits[part] !== undefined)) return readSpelled(parts)
  return readUnits(parts)
}

/** 二〇二六 and 一一〇 are digits one by one; 三四 is not, and one alone is itself. */
function readSpelled(parts: string[]): string | undefined {
  return parts.length === 2 ? undefined : parts.map(part => digits[part]).join('')
}

function readUnits(parts: string[]): string | undefined {
  let [total, section, waiting, lastUnit, afterZero] = [0, 0, undefined as number | undefined, 1, false]
  for (const part of parts) {
    if (/^\d/.test(part) || digits[part] !== undefined) {
      if (waiting !== undefined && waiting !== 0) return undefined
      waiting = digits[part] ?? Number(part.replaceAll(',', ''))
      if (waiting === 0) afterZero = true
    }
    else if (units[part] !== undefined) {
      section += (waiting ?? 1) * units[part]
      ;[waiting, lastUnit, afterZero] = [undefined, units[part], false]
    }
    else if (bigUnits[part] !== undefined) {
      const size = bigUnits[part]
      const here = section + (waiting ?? (section ? 0 : 1))
      total = size === 1e8 ? (total + here) * size : total + here * size
      ;[section, waiting, lastUnit, afterZero] = [0, undefined, size, false]
    }
  }
  // 一万五 is 15000 and 一百五 is 150, but 一百零五 is 105 and 十五 is 15.
  const tail = waiting === undefined ? 0 : lastUnit > 10 && !afterZero && waiting < 10 ? waiting * lastUnit / 10 : waiting
  const value = total + section + tail
  return String(Number(value.toFixed(6)))
}

const englishNumbers: Readonly<Record<string, number>> = Object.fromEntries([
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ').map((word, value) => [word, value]),
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, index) => [word, index * 10 + 20]),
].flat())
const englishUnits: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000, million: 1e6 }

/**
 * The value of the number words that start a list of words, and how many of them it takes.
 * @param words lower case; digits may stand before a unit, as in `30 thousand`
 */
export function readNumberWords(words: readonly string[]): { value: string, length: number } | undefined {
  let [total, section, length, mayAdd] = [0, 0, 0, 100]
  for (const word of words) {
    const value = englishNumbers[word]
    const unit = englishUnits[word]
    if (value !== undefined) {
      if (mayAdd < (value >= 10 ? 100 : 10)) break
      section += value
      mayAdd = value >= 20 ? 10 : 0
    }
    else if (unit !== undefined && length) {
      if (unit === 100) section *= 100
      else [total, section] = [total + section * unit, 0]
      mayAdd = 100
    }
    else if (!length && /^\d+(\.\d+)?$/.test(word) && englishUnits[words[1] ?? '']) [section, mayAdd] = [Number(word), 0]
    else break
    length++
  }
  return length ? { value: String(total + section), length } : undefined
}
