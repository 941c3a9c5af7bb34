import { inflateSync } from 'node:zlib'

const header = /\/Type\s*\/EmbeddedFile\b([^]{0,1000}?)\bstream\r?\n/g

/**
 * The texts of the files inside a PDF, as our own writer lays them (ISO 32000-1, 7.11.4): plain or deflated streams in the open. Of a PDF that another program wrote anew there may be none.
 * @param mostBytes of each text; larger ones are left out
 */
export function readAttachments(pdf: Buffer, mostBytes: number): string[] {
  if (pdf.subarray(0, 5).toString('latin1') !== '%PDF-') return []
  const whole = pdf.toString('latin1')
  return [...whole.matchAll(header)].flatMap(({ 0: found, 1: dictionary = '', index }) => {
    const begin = index + found.length
    const end = whole.indexOf('endstream', begin)
    if (end < 0) return []
    const bytes = pdf.subarray(begin, end)
    if (!dictionary.includes('/FlateDecode')) return bytes.length <= mostBytes ? [bytes.toString('utf8')] : []
    try {
      return [inflateSync(bytes, { maxOutputLength: mostBytes }).toString('utf8')]
    }
    catch {
      // No text that could be checked: the caller says so.
      return []
    }
  })
}
