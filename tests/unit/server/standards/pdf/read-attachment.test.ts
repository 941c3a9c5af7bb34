import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readAttachments } from '#server/standards/pdf/read-attachment'

/** A PDF as far as attachments go: one embedded file for each text. */
function aPdf(...files: { bytes: Buffer, filter?: string }[]): Buffer {
  const objects = files.map(({ bytes, filter }, index) => Buffer.concat([Buffer.from(`${index + 1} 0 obj\n<< /Type /EmbeddedFile ${filter ? `/Filter /${filter} ` : ''}/Length ${bytes.length} >>\nstream\n`), bytes, Buffer.from('\nendstream\nendobj\n')]))
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), ...objects, Buffer.from('%%EOF\n')])
}
const deflated = (text: string) => ({ bytes: deflateSync(text), filter: 'FlateDecode' })

describe('the files inside a PDF', () => {
  it('are read plain and deflated, in their order', () => {
    const [plain] = readAttachments(aPdf({ bytes: Buffer.from('{"a":1}') }), 100)

    expect(plain?.trimEnd()).toBe('{"a":1}')
    expect(readAttachments(aPdf(deflated('{"name":"李建国"}'), deflated('two')), 100)).toEqual(['{"name":"李建国"}', 'two'])
  })

  it('are left out when they are larger than asked for, also once they are inflated', () => {
    expect(readAttachments(aPdf({ bytes: Buffer.alloc(101, 'a') }), 100)).toEqual([])
    expect(readAttachments(aPdf(deflated('0'.repeat(1_000_000)), deflated('small')), 100)).toEqual(['small'])
  })

  it.each([
    { of: 'beginnings of files that never end', unit: '/Type/EmbeddedFile stream\n', end: '' },
    { of: 'deflated beginnings with one end', unit: '/Type/EmbeddedFile/FlateDecode stream\n\u0078\u0001', end: 'endstream' },
    { of: 'words that announce a file', unit: '/Type/EmbeddedFile ', end: '' },
  ])('keep nobody waiting: a megabyte of $of is looked through at once', ({ unit, end }) => {
    const pdf = Buffer.from(`%PDF-1.7\n${unit.repeat(Math.floor(1024 * 1024 / unit.length))}${end}`, 'latin1')
    const begun = performance.now()

    expect(readAttachments(pdf, 64 * 1024)).toEqual([])
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  it('are eight at the most, so that a small file does not become half a gigabyte', () => {
    expect(readAttachments(aPdf(...Array.from({ length: 500 }, () => deflated('0'.repeat(64 * 1024)))), 64 * 1024)).toHaveLength(8)
  })

  it('are none in what is no PDF, is cut off, or is broken inside', () => {
    const whole = aPdf(deflated('{"a":1}'))

    expect(readAttachments(Buffer.from('{"a":1}'), 100)).toEqual([])
    expect(readAttachments(whole.subarray(0, whole.indexOf('endstream')), 100)).toEqual([])
    expect(readAttachments(aPdf({ bytes: Buffer.from('no deflate'), filter: 'FlateDecode' }), 100)).toEqual([])
    expect(readAttachments(Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Page >>\nstream\nabc\nendstream\n'), 100)).toEqual([])
  })
})
