import { verifyFormSchema } from '#shared/accounts/verification'
import { redeemPaperCode } from '#server/domain/accounts/redeem-paper-code'
import { showCode } from '#server/domain/accounts/show-code'
import { defineFormAction } from '../../../http/form-action.ts'
import { limitsFor, limitsForEmail } from '../../../http/rate-limits.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { shownCookie } from '../../../http/sign-in-cookies.ts'
import { getServices } from '../../../services.ts'

/** A paper code, or the wish for a code to show to an officer. */
export default defineFormAction({
  fields: verifyFormSchema,
  async run({ event, input, locale }) {
    const services = await getServices()
    const actor = await requireActor(event)
    const limits = [...limitsFor(event, services, 'account.verify'), ...limitsForEmail(services, 'account.verify', actor.email)]
    if (input.show) {
      shownCookie.write(event, services, actor.sessionId, await showCode(services, actor, limits))
      return `/${locale}/account/verify`
    }
    await redeemPaperCode(services, actor, input.code, limits)
    shownCookie.clear(event)
    return `/${locale}/account/verify?done`
  },
})
