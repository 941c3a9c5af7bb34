import { z } from 'zod'
import { parseAlertIdentifier } from '#shared/alerts/identifier'
import { responseKinds } from '#shared/alerts/responses'
import { optionalText } from '#shared/forms/fields'
import { respondToAlert } from '#server/domain/alerts/respond-to-alert'
import { defineFormAction } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { keepAlertInDraft } from '../../../../http/report-about.ts'
import { stepPath } from '../../../../http/report-step.ts'
import { responderOf } from '../../../../http/responder-cookie.ts'
import { getServices } from '../../../../services.ts'

/** An answer to an alert. Who knows something goes on in the report form, which stays about the alert. */
export default defineFormAction({
  fields: z.object({ kind: z.enum(responseKinds, 'choose'), text: optionalText(2000), community: optionalText(60) }),
  async run({ event, input: { kind, text: words, community }, locale, params }) {
    const services = await getServices()
    const identifier = parseAlertIdentifier(params.identifier ?? '') ?? ''
    const answer = await respondToAlert(services, identifier, { kind, locale, ...(words && { text: words }), ...(community && { community }) }, responderOf(event, undefined), limitsFor(event, services, 'alert.respond'))
    if (kind !== 'know') return `?answered=${kind === 'help' && !answer.hasDuty ? 'helpAlone' : kind}`
    await keepAlertInDraft(event, services, identifier)
    return stepPath(locale, 'category')
  },
})
