import { inflateSync } from 'node:zlib'

const header = /\/Type\s*\/EmbeddedFile\b([^]{0,1000}?)\bstream\r?\n/g
/** Our own papers hold one. Whoever sends more makes work. */
const mostFiles = 8

/**
 * The texts of the first files inside a PDF, as our own writer lays them (ISO 32000-1, 7.11.4): plain or deflated streams in the open. Of a PDF that another program wrote anew there may be none.
 * Each byte is looked at once, whatever was sent.
 * @param mostBytes of each text; larger ones are left out
 */
export function readAttachments(pdf: Buffer, mostBytes: number): string[] {
  if (pdf.subarray(0, 5).toString('latin1') !== '%PDF-') return []
  const whole = pdf.toString('latin1')
  const texts: string[] = []
  const search = new RegExp(header)
  for (let files = 0; files < mostFiles; files++) {
    const found = search.exec(whole)
    const end = found ? whole.indexOf('endstream', search.lastIndex) : -1
    if (!found || end < 0) break
    const text = textOf(pdf.subarray(search.lastIndex, end), found[1]?.includes('/FlateDecode') ?? false, mostBytes)
    if (text !== undefined) texts.push(text)
    search.lastIndex = end
  }
  return texts
}

function textOf(bytes: Buffer, isDeflated: boolean, mostBytes: number): string | undefined {
  if (!isDeflated) return bytes.length <= mostBytes ? bytes.toString('utf8') : undefined
  try {
    return inflateSync(bytes, { maxOutputLength: mostBytes }).toString('utf8')
  }
  catch {
    // No text that could be checked: the caller says so.
    return undefined
  }
}
