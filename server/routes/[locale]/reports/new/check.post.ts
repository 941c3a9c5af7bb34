import { z } from 'zod'
import { firstMissingStep } from '#shared/reports/draft'
import { sealConfirmation } from '#server/domain/reports/confirmation'
import { sendDraft } from '#server/domain/reports/send-draft'
import { checkChallenge } from '#server/domain/trust/challenge'
import { dangerIn } from '../../../../http/emergency-card.ts'
import { defineFormAction } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { confirmationCookie } from '../../../../http/report-cookies.ts'
import { lostPath, readDraft, sentPath, stepPath, textOf } from '../../../../http/report-step.ts'
import { optionalActor } from '../../../../http/require-actor.ts'
import { getServices } from '../../../../services.ts'

/** Sends the report. Without script there is no proof of work: it is taken at once and marked "unverified" (RULES G2). */
export default defineFormAction({
  fields: z.object({ altcha: z.string().max(8_000).optional() }),
  async run({ event, input, locale }) {
    const services = await getServices()
    const held = await readDraft(event, services)
    if (!held) return lostPath(locale)
    const { draft } = held
    if (!draft.sent && firstMissingStep(draft.answers) !== 'check') return stepPath(locale, firstMissingStep(draft.answers))
    const challenge = input.altcha ? await checkChallenge(services.keys, input.altcha, Date.now()) : undefined
    // RULES B1: an anonymous report is sent without the session, whoever is signed in.
    const actor = draft.answers.contact?.mode === 'anonymous' ? undefined : await optionalActor(event)
    const confirmation = await sendDraft(services, held, {
      locale, ...(actor && { actor }), proof: challenge ? { kind: 'challenge', challenge } : { kind: 'unverified' },
      limits: { create: limitsFor(event, services, 'report.create'), draft: limitsFor(event, services, 'report.draft') },
      emergencyKind: dangerIn(textOf(draft.answers)),
    })
    confirmationCookie.write(event, sealConfirmation(services.keys, confirmation, Date.now()))
    return sentPath(locale)
  },
})
