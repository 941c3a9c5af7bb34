import { AppError } from '#shared/errors'
import { signInSchema } from '#shared/accounts/account-schema'
import { arrive } from '#server/domain/accounts/arrive'
import { signInWithPassword } from '#server/domain/accounts/sign-in-with-password'
import { defineApiHandler } from '../../http/api-handler.ts'
import { visitOf } from '../../http/require-actor.ts'
import { isForeign } from '../../http/same-origin.ts'
import { greet, passwordLimits } from '../../http/sign-in-limits.ts'
import { getServices } from '../../services.ts'

/** Signs in by e-mail and password: 204 and cookies. */
export default defineApiHandler({
  body: signInSchema,
  async run({ event, body }) {
    // There is no cookie yet that would call for the check; another site must not sign its victim in all the same.
    if (isForeign(event)) throw new AppError('cross_origin')
    const services = await getServices()
    const visit = visitOf(event)
    await greet(event, services, await arrive(services, visit, await signInWithPassword(services, visit, { ...body, limits: passwordLimits(event, services, body.email).limits })))
  },
})
