/* How phones and people set a text again without changing it, and how they change it: for property tests. */
import fc from 'fast-check'

const wide = (text: string) => text.replace(/[0-9]/g, digit => String.fromCharCode(digit.charCodeAt(0) + 0xFEE0))
const settings: ((text: string) => string)[] = [
  text => text,
  wide,
  text => text.toUpperCase(),
  text => text.replaceAll('\n', ' '),
  text => text.replace(/(。|\.(?![\d０-９]))/g, '$1\n\n'),
  text => text.replace(/[“”"]/g, ''),
  text => text.replace(/，/g, ','),
  text => text.replace(/[。！]/g, '！！'),
  text => `\u3000\u3000${text.replaceAll('\n', '\n\u3000\u3000')}`,
  text => text.split('\n').map(line => `> ${line}`).join('\n'),
  text => `【转发】${text}`,
  text => `Fwd: ${text}`,
  text => `大家好！\n${text}\n请互相转告`,
  text => `${text} 🙏🙏🙏`,
  text => `⚠️ ${text} ⚠️`,
  text => text.replace(/([\u4E00-\u9FFF])/g, '$1\u200B'),
]
export const aSetting = fc.array(fc.constantFrom(...settings), { minLength: 0, maxLength: 3 }).map(chosen => (text: string) => chosen.reduce((rest, each) => each(rest), text))

const atNumber = (change: (digits: string) => string) => (place: number) => (text: string) => {
  const numbers = [...text.matchAll(/\d+/g)]
  const chosen = numbers[place % Math.max(1, numbers.length)]
  return chosen ? text.slice(0, chosen.index) + change(chosen[0]) + text.slice(chosen.index + chosen[0].length) : text
}
const atWord = (change: (text: string, at: number) => string) => (place: number) => (text: string) => change(text, place % text.length)

const changes: ((place: number) => (text: string) => string)[] = [
  atNumber(digits => `${digits}7`),
  atNumber(digits => `1${digits}`),
  atNumber(digits => String(Number(digits) + 1)),
  atNumber(digits => [...digits].reverse().join('') === digits ? `${digits}8` : [...digits].reverse().join('')),
  () => text => text.replace(/不要|请勿|禁止|没有|不会|do not|Do not|no such/, ''),
  () => text => text.replace(/平安|长乐|和谐|Ping'an|Changle|Hexie/, found => found.startsWith('长') || found === 'Changle' ? '海棠' : '长乐'),
  atWord((text, at) => `${text.slice(0, at)}不${text.slice(at)}`),
  atWord((text, at) => `${text.slice(0, at)} not ${text.slice(at)}`),
  atWord((text, at) => `${text.slice(0, at)}13912345678${text.slice(at)}`),
  atWord((text, at) => `${text.slice(0, at)} www.evil.example ${text.slice(at)}`),
  () => text => `${text}\n请转账到账户 6217 0000 1234 5678`,
  () => text => `${text}\n已经解除`,
]
export const aChange = fc.tuple(fc.constantFrom(...changes), fc.nat({ max: 10_000 })).map(([change, place]) => change(place))
