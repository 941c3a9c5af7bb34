const digits: Record<string, number> = { 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 俩: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 }
const units: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }
const spoken = /[零〇一二两俩三四五六七八九十百千万]+/

/** A number as it is said or typed, rounded to hundredths: `2,800元`, `3万`, `2.5k`, `两千八百块吧`, `一万二`, `三百五`. Undefined without one. */
export function readAmount(text: string): number | undefined {
  const plain = text.normalize('NFKC').replace(/(?<=\d)[, ](?=\d{3})/g, '')
  const typed = /(\d+(?:[.,]\d{1,2})?)\s*(万|千|k\b)?/i.exec(plain)
  if (typed) return Math.round(Number(typed[1]!.replace(',', '.')) * (typed[2] === '万' ? 10_000 : typed[2] ? 1000 : 1) * 100) / 100
  const words = spoken.exec(plain)?.[0]
  return words === undefined ? undefined : fromWords(words)
}

function fromWords(words: string): number | undefined {
  const [high, low] = words.includes('万') ? words.split('万') as [string, string] : ['', words]
  const thousands = high ? belowTenThousand(high, 1) : 0
  const rest = low ? belowTenThousand(low, high && !/[十百千零〇]/.test(low) ? 1000 : 1) : 0
  return thousands === undefined || rest === undefined ? undefined : thousands * 10_000 + rest
}

/** @param unit of a digit that stands alone: in 一万二 it is a thousand */
function belowTenThousand(words: string, unit: number): number | undefined {
  let [sum, digit, last] = [0, undefined as number | undefined, unit * 10]
  let isAfterZero = false
  for (const sign of words) {
    const size = units[sign]
    if (size === undefined) {
      if (digit !== undefined) return undefined
      digit = digits[sign]
      if (digit === 0) [digit, isAfterZero] = [undefined, true]
      continue
    }
    sum += (digit ?? 1) * size
    last = size
    digit = undefined
  }
  // 三百五 is 350, 三百零五 and 十五 are what they say.
  return digit === undefined ? sum : sum + digit * (isAfterZero || (last === 10 && unit === 1) ? 1 : last / 10)
}
