import { create } from 'qrcode'
import { formatReceipt } from '#shared/reports/receipt'

/** A QR code as one SVG path: a square of `size` units, each dark module a unit. */
export interface QrCode { size: number, path: string }

/** Reference and receipt as plain text, never as an address (RULES C2). Margin of four modules as the standard asks. */
export function receiptQr({ reference, receipt }: { reference: string, receipt: string }): QrCode {
  return qrCode(`${reference} ${formatReceipt(receipt)}`)
}

/** A text as a QR code. */
export function qrCode(text: string): QrCode {
  const { modules: { size, data } } = create(text, { errorCorrectionLevel: 'M' })
  const rows = Array.from({ length: size }, (_, row) => [...data.subarray(row * size, (row + 1) * size)].join(''))
  const path = rows.flatMap((row, y) => [...row.matchAll(/1+/g)].map(({ index, 0: run }) => `M${index + 4} ${y + 4}h${run.length}v1h-${run.length}z`)).join('')
  return { size: size + 8, path }
}
