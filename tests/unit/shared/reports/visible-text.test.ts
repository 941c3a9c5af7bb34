import { describe, expect, it } from 'vitest'
import { visibleParts } from '#shared/reports/visible-text'

const marked = (text: string) => visibleParts(text).map(part => 'code' in part ? `[${part.code}]` : part.text).join('')

describe('text at the desk', () => {
  it('shows the sign that makes "gpj.exe" read as "exe.jpg"', () => {
    expect(visibleParts('photo\u202Egpj.exe')).toEqual([{ text: 'photo' }, { code: 'U+202E' }, { text: 'gpj.exe' }])
  })

  it.each(['\u061C', '\u200E', '\u200F', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069', '\u200B', '\uFEFF', '\u2028', '\u0007', '\u009B'])('marks %j', (sign) => {
    expect(marked(`a${sign}b`)).toBe(`a[U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]b`)
  })

  it.each(['路灯坏了。\n第二行\t有制表符', 'مرحبا بالعالم', 'می‌خواهم', '👨‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'café', ''])('leaves %j as it is', (text) => {
    expect(marked(text)).toBe(text)
  })

  it('loses nothing of the words', () => {
    expect(marked('\u202E\u202Ea\u2066')).toBe('[U+202E][U+202E]a[U+2066]')
  })
})
