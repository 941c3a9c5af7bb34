import { signInFormSchema } from '#shared/accounts/account-schema'
import { landingPath } from '#shared/accounts/landing-path'
import { safeNextPath } from '#shared/accounts/next-path'
import { arrive } from '#server/domain/accounts/arrive'
import { requestCode } from '#server/domain/accounts/request-code'
import { signInWithPassword } from '#server/domain/accounts/sign-in-with-password'
import { defineFormAction } from '../../../http/form-action.ts'
import { limitsFor, limitsForEmail } from '../../../http/rate-limits.ts'
import { visitOf } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'
import { ticketCookie } from '../../../http/sign-in-cookies.ts'
import { greet, passwordLimits } from '../../../http/sign-in-limits.ts'

/** With a password: signs in. Without one: mails a code. */
export default defineFormAction({
  fields: signInFormSchema,
  secretFields: ['password'],
  async run({ event, locale, input: { email, password, next } }) {
    const services = await getServices()
    const visit = visitOf(event)
    if (password) {
      const earlier = await signInWithPassword(services, visit, { email, password, limits: passwordLimits(event, services, email).limits })
      const arrival = await arrive(services, visit, earlier)
      await greet(event, services, arrival)
      return landingPath({ next, isStaff: arrival.account.staff_role !== null, locale })
    }
    const limits = [...limitsFor(event, services, 'account.code'), ...limitsForEmail(services, 'account.mail', email)]
    ticketCookie.write(event, services, await requestCode(services, visit, { email, flow: 'sign_in', next: safeNextPath(next), locale, limits, now: Date.now() }))
    return `/${locale}/sign-in/code`
  },
})
