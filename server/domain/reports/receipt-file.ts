import type { Confirmation } from '#shared/reports/confirmation'
import { formatReceipt } from '#shared/reports/receipt'

/** The receipt as a text file, to keep: the codes in words, then the signed statement and its nonce for whoever wants to check it. */
export function receiptFile({ reference, receipt, at, statement, nonce }: Confirmation, text: (key: 'title' | 'reference' | 'receipt' | 'at' | 'secret' | 'where' | 'statement') => string): string {
  const proof = statement ? ['', text('statement'), JSON.stringify({ statement, nonce }, null, 2)] : []
  return [text('title'), '', `${text('reference')} ${reference}`, `${text('receipt')} ${formatReceipt(receipt)}`, `${text('at')} ${at}`, '', text('secret'), text('where'), ...proof, ''].join('\n')
}
