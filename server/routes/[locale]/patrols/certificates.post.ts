import { certificatesFormSchema } from '#shared/patrols/certificate'
import { issueCertificate, revokeCertificate } from '#server/domain/patrols/own-certificates'
import { defineFormAction } from '../../../http/form-action.ts'
import { limitsForEmail } from '../../../http/rate-limits.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** A new certificate, or one that is taken back. */
export default defineFormAction({
  fields: certificatesFormSchema,
  async run({ event, input }) {
    const [services, actor] = [await getServices(), await requireActor(event)]
    if (input.act === 'revoke') {
      await revokeCertificate(services, actor, input.number)
      return '?did=revoked'
    }
    const { from, to, holder, night } = input
    await issueCertificate(services, actor, { from, to, holder, isNightShown: night === 'shown' }, limitsForEmail(services, 'account.certificate', actor.userId))
    return '?did=issued'
  },
})
