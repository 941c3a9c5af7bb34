import { acceptFormSchema } from '#shared/staff/invitation'
import { acceptInvitation } from '#server/domain/staff/accept-invitation'
import { defineFormAction } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { visitOf } from '../../../../http/require-actor.ts'
import { getServices } from '../../../../services.ts'

/** Joins, and goes on to the second factor. */
export default defineFormAction({
  fields: acceptFormSchema,
  secretFields: ['password'],
  async run({ event, locale, params, input: { password } }) {
    const services = await getServices()
    await acceptInvitation(services, visitOf(event), { token: params.token ?? '', password, limits: limitsFor(event, services, 'account.guess') })
    return `/${locale}/desk/second-factor`
  },
})
