import { verifyCodeSchema } from '#shared/staff/second-factor'
import { verifyCode } from '#server/domain/staff/verify-code'
import { defineDeskHandler } from '#server/http/desk-handler'
import { codeLimits, rememberThisDevice } from '#server/http/sign-in-limits'

/** A whole sign-in now: from here on this device has guesses of its own. */
export default defineDeskHandler({
  inAnyState: true,
  body: verifyCodeSchema,
  async run({ event, services, actor, body: { code } }) {
    const session = await verifyCode(services, actor, { code, ...codeLimits(event, services, actor.email), now: Date.now() })
    rememberThisDevice(event, services, actor.email)
    return session
  },
})
