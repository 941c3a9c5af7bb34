import type { CheckedReceipt, VerifyPage } from '#shared/trust/verify-page'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { definePageData } from '../../http/page-data.ts'
import { getServices } from '../../services.ts'

/** Checks a saved receipt. What came out is shown once and kept nowhere. */
export default definePageData<VerifyPage>({
  keepsTyped: true,
  async load({ event }) {
    const { station } = await getReferenceData(await getServices())
    return { checked: event.context.answer as CheckedReceipt | undefined ?? null, timeZone: station?.time_zone ?? 'Asia/Shanghai', now: new Date().toISOString() }
  },
})
