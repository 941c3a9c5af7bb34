/** No line of a stream is longer, without its line break. @see RFC 5545 §3.1 */
const octetsOfLine = 75

/**
 * One line of a stream, folded where it is too long, never inside a character.
 * @param name with its parameters: `DTSTART`, `SOURCE;VALUE=URI`
 * @param value as it stands in the stream: text has gone through `escapeText`
 * @see RFC 5545 §3.1
 */
export function contentLine(name: string, value: string): string {
  const lines: string[] = []
  let [line, octets] = ['', 0]
  for (const character of `${name}:${withoutControls(value.toWellFormed())}`) {
    const size = Buffer.byteLength(character)
    if (octets + size > octetsOfLine) {
      lines.push(line)
      ;[line, octets] = [' ', 1]
    }
    line += character
    octets += size
  }
  return [...lines, line].map(part => `${part}\r\n`).join('')
}

/** A value of the type TEXT. Lines may end in any of the three ways; the stream says `\n`. @see RFC 5545 §3.3.11 */
export function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r\n?|\n/g, '\\n')
}

/** An instant as UTC, to the second: no reader needs a table of time zones for it. @param instant ISO 8601 @see RFC 5545 §3.3.5, form 2 */
export function utcTime(instant: string): string {
  return new Date(instant).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '')
}

/** Whole minutes as a DURATION; negative: before. @see RFC 5545 §3.3.6 */
export function durationOf(minutes: number): string {
  const size = Math.abs(minutes)
  const parts = [[Math.floor(size / 1440), 'D', ''], [Math.floor(size % 1440 / 60), 'H', 'T'], [size % 60, 'M', 'T']] as const
  const [days, ...times] = parts.map(([count, unit]) => count ? `${count}${unit}` : '')
  const time = times.join('')
  return `${minutes < 0 ? '-' : ''}P${days}${time || !days ? `T${time || '0M'}` : ''}`
}

/** TEXT knows a tab and no other control character. @see RFC 5545 §3.1, CONTROL */
function withoutControls(value: string): string {
  return value.replace(/\p{Cc}/gu, character => character === '\t' ? character : '')
}
