import { AppError } from '#shared/errors'
import { codeFormSchema } from '#shared/accounts/account-schema'
import { landingPath } from '#shared/accounts/landing-path'
import { enterCode } from '#server/domain/accounts/enter-code'
import { requestCode } from '#server/domain/accounts/request-code'
import { defineFormAction } from '../../../http/form-action.ts'
import { limitsFor, limitsForEmail } from '../../../http/rate-limits.ts'
import { visitOf } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'
import { proofCookie, ticketCookie } from '../../../http/sign-in-cookies.ts'

/** Enters the code, or asks for another one. Whoever has just signed up is offered a password next. */
export default defineFormAction({
  fields: codeFormSchema,
  secretFields: ['code'],
  async run({ event, locale, input }) {
    const services = await getServices()
    const visit = visitOf(event)
    const ticket = ticketCookie.read(event, services)
    if (!ticket) return `/${locale}/sign-in`
    if (input.again) {
      const limits = [...limitsFor(event, services, 'account.code'), ...limitsForEmail(services, 'account.mail', ticket.email)]
      const { email, flow, next, community, consents } = ticket
      ticketCookie.write(event, services, await requestCode(services, visit, { email, flow, next, community, consents, locale, limits, now: Date.now() }))
      return '?sent'
    }
    const { actor, account } = await enterCode(services, visit, { ticket, code: input.code, locale, limits: limitsFor(event, services, 'account.guess') }).catch((cause: unknown) => {
      // Under its field, where the summary leads to.
      throw cause instanceof AppError && cause.code === 'wrong_code' ? new AppError('invalid', {}, { fields: { code: { key: 'errors.codes.wrong_code.detail' } }, cause }) : cause
    })
    ticketCookie.clear(event)
    proofCookie.write(event, services, actor.sessionId)
    if (ticket.flow === 'sign_up' && account.staff_role === null) return `/${locale}/account/password?new${ticket.next ? `&next=${encodeURIComponent(ticket.next)}` : ''}`
    return landingPath({ next: ticket.next, isStaff: account.staff_role !== null, locale })
  },
})
