import { z } from 'zod'
import { claimTipReward } from '#server/domain/patrols/tip-rewards'
import { defineFormAction, ShownOnce } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { referenceOf } from '../../../../http/report-access.ts'
import { withAccess } from '../../../../http/report-view.ts'
import { getServices } from '../../../../services.ts'

/** Makes the pay-out code, which no address shows again. */
export default defineFormAction({
  fields: z.object({}),
  async run({ event, params }) {
    const services = await getServices()
    return new ShownOnce(await withAccess(event, services, access => claimTipReward(services, referenceOf(params.reference ?? ''), access, limitsFor(event, services, 'report.guess'))))
  },
})
