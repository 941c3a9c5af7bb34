import { AppError } from '#shared/errors'
import type { ClaimedTipReward, TipRewardPage } from '#shared/patrols/reward-schema'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { readTipReward } from '#server/domain/patrols/tip-rewards'
import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { reportParams, trackPath, withAccess } from '../../../../http/report-view.ts'
import { getServices } from '../../../../services.ts'

/** The reward of a tip. A code that was just made is shown this once. */
export default definePageData<TipRewardPage, { reference: string }>({
  params: reportParams,
  async load({ event, locale, params: { reference } }) {
    const services = await getServices()
    try {
      const { reward } = await withAccess(event, services, access => readTipReward(services, reference, access, limitsFor(event, services, 'report.guess')))
      const { station } = await getReferenceData(services)
      return { reference, reward, claimed: event.context.answer as ClaimedTipReward | undefined ?? null, timeZone: station?.time_zone ?? 'Asia/Shanghai', now: new Date().toISOString() }
    }
    catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not_found') return new Redirect(trackPath(event, locale, reference))
      throw thrown
    }
  },
})
