import type { IntakeReceipt } from '#shared/reports/intake-schema'
import { formatReceipt } from '#shared/reports/receipt'
import { instantInWords } from '#shared/reports/wall-time'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import type { KeptReceipt } from '#server/domain/reports/intake-draft'
import { receiptQr } from '#server/domain/reports/receipt-qr'
import type { Services } from '#server/domain/services'
import { text } from '../texts.ts'
import { emergencyNumbers } from './emergency-card.ts'

/** The paper of a report that staff took in: codes, picture and words in the language of whoever takes it home. */
export async function intakePaper(services: Services, receipt: KeptReceipt): Promise<IntakeReceipt> {
  const { locale, timeZone, takenBy } = receipt
  const { police } = await emergencyNumbers()
  const { station } = await getReferenceData(services)
  const when = (instant: string, isLimit = false) => instantInWords(instant, timeZone, locale, { isLimit })
  const say = (key: string, params: Record<string, string> = {}) => text(locale, `reports.paper.${key}`, params)
  return {
    ...receipt, receipt: formatReceipt(receipt.receipt), qr: receiptQr(receipt),
    words: {
      station: station?.name[locale] ?? '', title: say('title'), reference: say('reference'), receipt: say('receipt'), secret: say('secret'), qr: say('qr'),
      taken: say(receipt.way, { name: takenBy.name[locale], badge: takenBy.badgeNumber, time: when(receipt.at) }),
      howTitle: say('howTitle'), how: say('how', { address: receipt.trackUrl }), atCounter: say('atCounter'), nextTitle: say('nextTitle'), firstLook: say('firstLook', { time: when(receipt.firstLookBy, true) }),
      answer: say('answer', { time: when(receipt.answerBy, true) }), call: say('call', { number: police }), nobody: receipt.isNobodyOnDuty ? text(locale, 'reports.sent.nobodyOnDuty', { number: police }) : '',
    },
  }
}
