import { confirmationSchema } from '#shared/accounts/verification'
import { confirmResident } from '#server/domain/accounts/confirm-resident'
import { defineDeskHandler } from '#server/http/desk-handler'
import { limitsForEmail } from '#server/http/rate-limits'

export default defineDeskHandler({
  body: confirmationSchema,
  run: ({ services, actor, body }) => confirmResident(services, actor, body.code, limitsForEmail(services, 'account.confirm', actor.email)),
})
