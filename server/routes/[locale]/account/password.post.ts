import { passwordFormSchema } from '#shared/accounts/account-schema'
import { safeNextPath } from '#shared/accounts/next-path'
import { changePassword } from '#server/domain/accounts/change-password'
import { isProved } from '#server/domain/accounts/sign-in-ticket'
import { orDeskGate } from '../../../http/desk-gate.ts'
import { defineFormAction } from '../../../http/form-action.ts'
import { requireActor, visitOf } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'
import { proofCookie } from '../../../http/sign-in-cookies.ts'
import { passwordLimits } from '../../../http/sign-in-limits.ts'

/** Sets or changes the password. The account's other sessions end. */
export default defineFormAction({
  fields: passwordFormSchema,
  secretFields: ['current', 'password'],
  run: ({ event, locale, input: { current, password, next } }) => orDeskGate(locale, async () => {
    const services = await getServices()
    const actor = await requireActor(event)
    await changePassword(services, visitOf(event), actor, {
      current, password, isProved: isProved(services.keys, proofCookie.read(event), actor.sessionId, Date.now()),
      limits: passwordLimits(event, services, actor.email).limits,
    })
    proofCookie.clear(event)
    const path = safeNextPath(next)
    return path && !path.startsWith(`/${locale}/account`) ? path : `/${locale}/account?saved=password`
  }),
})
