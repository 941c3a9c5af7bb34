import { Converter } from 'opencc-js/t2cn'

const convert = Converter({ from: 't', to: 'cn' })
const anyHan = /\p{Script=Han}/u

/** Traditional characters as simplified ones, each in its place: whoever writes 電話 was sent the same message. */
export function simplified(text: string): string {
  if (!anyHan.test(text)) return text
  const whole = convert(text)
  return whole.length === text.length ? whole : [...text].map(sign => (one => one.length === sign.length ? one : sign)(convert(sign))).join('')
}
