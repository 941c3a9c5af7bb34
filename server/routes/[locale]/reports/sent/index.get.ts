import type { SentPage } from '#shared/reports/sent-page'
import { openConfirmation } from '#server/domain/reports/confirmation'
import { receiptQr } from '#server/domain/reports/receipt-qr'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { definePageData } from '../../../../http/page-data.ts'
import { confirmationCookie } from '../../../../http/report-cookies.ts'
import { getServices } from '../../../../services.ts'

/** The confirmation: from its cookie only, for ten minutes (RULES C2). */
export default definePageData<SentPage>({
  async load({ event }) {
    const services = await getServices()
    const confirmation = openConfirmation(services.keys, confirmationCookie.read(event) ?? '', Date.now())
    if (!confirmation) return { confirmation: null }
    const { nonce: _, statement: __, ...shown } = confirmation
    const { station, now } = await getReferenceData(services)
    return { confirmation: shown, qr: receiptQr(confirmation), now, stationPhone: station?.phone ?? null }
  },
})
