import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine } from '#server/standards/csv/write-csv'

/** Reads one record back as RFC 4180 §2 says. */
function readLine(line: string): string[] {
  return [...line.replace(/\r\n$/, '').matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted === undefined ? plain ?? '' : quoted.replaceAll('""', '"'))
}

describe('a line of CSV', () => {
  it.each([
    [['a', 'b c', null, 3], 'a,b c,,3\r\n'],
    [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"\r\n'],
    [['=1+1', '+86', '-3', '@sum', '\tx', '\rx'], '\'=1+1,\'+86,\'-3,\'@sum,\'\tx,"\'\rx"\r\n'],
    [[-3], '-3\r\n'],
  ])('%j', (cells, line) => {
    expect(csvLine(cells)).toBe(line)
  })

  it('reads back as it was, and no cell begins a formula', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', 'a', '中', '\'') }), { minLength: 1, maxLength: 5 }), (cells) => {
      const read = readLine(csvLine(['first', ...cells])).slice(1)
      read.forEach((text, index) => {
        expect(text).not.toMatch(/^[=+\-@\t\r]/)
        expect(text.replace(/^'(?=[=+\-@\t\r\n])/, '')).toBe((cells[index] ?? '').replace(/^'(?=[=+\-@\t\r\n])/, ''))
      })
      expect(read.length).toBe(cells.length)
    }))
  })
})
