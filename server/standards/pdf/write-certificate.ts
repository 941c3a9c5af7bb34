import { openSync } from 'fontkit'
import PDFDocument from 'pdfkit'
import type { PaperFonts } from './fonts.ts'

/** A certificate in its reader's words. */
export interface CertificatePaper {
  /** BCP 47. */
  language: string
  title: string
  /** Who did what, in full sentences. */
  body: string
  /** The figures: a name and a value each. */
  rows: readonly (readonly [string, string])[]
  /** Who issued it, and when, beside the room for a seal. */
  issuer: string
  issuedOn: string
  /** How anybody checks it: words, and the same address in the QR code. */
  check: string
  qr: { size: number, path: string, alt: string }
  /** ISO 8601: the document's own time, so that the same certificate is the same bytes. */
  issuedAt: string
  /** What lies inside for machines. */
  attachment: { name: string, json: string, description: string }
}

/** Typographers' sign for a character that the case does not hold. */
const missingSign = '〓'
const ink = '#17211e'
const muted = '#55615d'
const jade = '#0b6b57'
const page = { width: 595.28, height: 841.89, margin: 72 } as const
const line = page.width - 2 * page.margin
const qrSide = 104

/**
 * Writes a certificate as one page of A4: real text in an embedded part of the font, with the structure that screen readers need, and the signed facts as a
 * file inside. A character that the font lacks stands as 〓, and the foot of the page says which it is.
 */
export async function writeCertificate(paper: CertificatePaper, fonts: PaperFonts): Promise<Buffer> {
  const printable = printableBy(fonts)
  const at = new Date(paper.issuedAt)
  const document = new PDFDocument({
    size: 'A4', margin: page.margin, pdfVersion: '1.7', tagged: true, displayTitle: true, lang: paper.language, font: fonts.regular,
    info: { Title: printable(paper.title), Author: printable(paper.issuer), CreationDate: at, ModDate: at },
  })
  const bytes = collect(document)
  const root = document.struct('Document')
  document.addStructure(root)
  const part = (type: 'H1' | 'P' | 'Figure', write: () => void, alt?: string) => root.add(document.struct(type, alt === undefined ? {} : { alt }, write))
  const ornament = (draw: () => void) => {
    document.markContent('Artifact', { type: 'Layout' })
    draw()
    document.endMarkedContent()
  }

  ornament(() => document.lineWidth(2).strokeColor(jade).rect(28, 28, page.width - 56, page.height - 56).stroke().lineWidth(0.5).rect(34, 34, page.width - 68, page.height - 68).stroke())
  part('H1', () => document.font(fonts.bold).fontSize(26).fillColor(jade).text(printable(paper.title), page.margin, 112, { width: line, align: 'center' }))
  part('P', () => document.font(fonts.regular).fontSize(13).fillColor(ink).text(printable(paper.body), page.margin, 190, { width: line, lineGap: 9 }))
  let top = document.y + 26
  for (const [name, value] of paper.rows) {
    part('P', () => {
      document.font(fonts.regular).fontSize(11).fillColor(muted).text(`${printable(name)} `, page.margin, top + 8, { width: 150 })
      const bottom = document.y
      document.font(fonts.bold).fontSize(12).fillColor(ink).text(printable(value), page.margin + 160, top + 7, { width: line - 160 })
      top = Math.max(bottom, document.y) + 8
    })
    ornament(() => document.lineWidth(0.5).strokeColor('#c9d2ce').moveTo(page.margin, top).lineTo(page.width - page.margin, top).stroke())
  }
  const foot = page.height - page.margin - qrSide - 24
  part('P', () => {
    document.font(fonts.bold).fontSize(12).fillColor(ink).text(printable(paper.issuer), page.margin, foot - 96, { width: line, align: 'right' })
    document.font(fonts.regular).fontSize(11).text(printable(paper.issuedOn), page.margin, document.y + 4, { width: line, align: 'right' })
  })
  part('Figure', () => {
    const scale = qrSide / paper.qr.size
    document.save().translate(page.margin, foot).scale(scale).path(paper.qr.path).fill('#000000').restore()
  }, paper.qr.alt)
  part('P', () => document.font(fonts.regular).fontSize(9.5).fillColor(muted).text(printable(paper.check), page.margin + qrSide + 16, foot + 12, { width: line - qrSide - 16, lineGap: 3 }))
  if (printable.missing.size) part('P', () => document.fontSize(8).text([...printable.missing].map(code => `${missingSign} = U+${code}`).join('  '), page.margin, foot + qrSide + 6, { width: line, lineBreak: false }))
  document.file(Buffer.from(paper.attachment.json), { name: paper.attachment.name, type: 'application/json', description: paper.attachment.description, creationDate: at, modifiedDate: at })
  root.end()
  document.end()
  return bytes
}

/** What the font can print of a text; remembers the code points that it cannot. */
function printableBy({ regular }: PaperFonts): ((text: string) => string) & { missing: Set<string> } {
  const font = openSync(regular)
  if (!('hasGlyphForCodePoint' in font)) throw new TypeError('a collection of fonts is no font')
  const missing = new Set<string>()
  const printable = (text: string) => [...text.normalize('NFC').toWellFormed().replace(/[^\P{Cc}\n]/gu, '')].map((character) => {
    const code = character.codePointAt(0) ?? 0
    if (character === '\n' || font.hasGlyphForCodePoint(code)) return character
    missing.add(code.toString(16).toUpperCase().padStart(4, '0'))
    return missingSign
  }).join('')
  return Object.assign(printable, { missing })
}

function collect(document: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    document.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => resolve(Buffer.concat(pieces))).on('error', reject)
  })
}
