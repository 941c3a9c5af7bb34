import { confirmFactorSchema } from '#shared/staff/second-factor'
import { confirmFactor } from '#server/domain/staff/enrol-factor'
import { defineDeskHandler } from '#server/http/desk-handler'
import { limitsForSession, rememberThisDevice } from '#server/http/sign-in-limits'

export default defineDeskHandler({
  inAnyState: true,
  body: confirmFactorSchema,
  async run({ event, services, actor, body: { code } }) {
    const answer = await confirmFactor(services, actor, { code, limits: limitsForSession(actor.sessionId), now: Date.now() })
    rememberThisDevice(event, services, actor.email)
    return answer
  },
})
