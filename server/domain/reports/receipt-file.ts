import type { Confirmation } from '#shared/reports/confirmation'
import type { Locale } from '#shared/locales'
import { formatReceipt } from '#shared/reports/receipt'
import { instantInWords } from '#shared/reports/wall-time'

/** The receipt as a text file, to keep: codes and time in words, then the signed statement and its nonce for whoever wants to check it. */
export function receiptFile({ reference, receipt, at, timeZone, statement, nonce }: Confirmation, locale: Locale, text: (key: 'title' | 'reference' | 'receipt' | 'at' | 'secret' | 'where' | 'statement' | 'proves') => string): string {
  const proof = statement ? ['', text('statement'), text('proves'), JSON.stringify({ locale, statement, nonce }, null, 2)] : []
  const line = (label: string, value: string) => label.endsWith('：') ? label + value : `${label} ${value}` // a full-width colon brings its own space
  return [
    text('title'), '', line(text('reference'), reference), line(text('receipt'), formatReceipt(receipt)), line(text('at'), instantInWords(at, timeZone, locale)), '',
    text('secret'), text('where'), ...proof, '',
  ].join('\n')
}
