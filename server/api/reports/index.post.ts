import { randomUUID } from 'node:crypto'
import { formatReceipt } from '#shared/reports/receipt'
import { createReportSchema } from '#shared/reports/report-schema'
import { submitReport } from '#server/domain/reports/submit-report'
import { checkChallenge } from '#server/domain/trust/challenge'
import { defineApiHandler } from '../../http/api-handler.ts'
import { emergencyCard } from '../../http/emergency-card.ts'
import { limitsFor } from '../../http/rate-limits.ts'
import { optionalActor } from '../../http/require-actor.ts'
import { getServices } from '../../services.ts'

/** Files a report. The same idempotency key answers the same reference and receipt, and makes one report. */
export default defineApiHandler({
  body: createReportSchema,
  maxBytes: 256 * 1024,
  status: 201,
  async run({ event, body: { altcha, idempotencyKey = randomUUID(), ...input } }) {
    const services = await getServices()
    const emergency = await emergencyCard(`${input.description}\n${input.occurredText ?? ''}`)
    // RULES B1: an anonymous report is sent without the session, whoever is signed in.
    const actor = input.contact.mode === 'anonymous' ? undefined : await optionalActor(event)
    const { reference, receipt, statement, clock, nonce, hasDuty } = await submitReport(services, {
      input, actor, channel: 'api', idempotencyKey, limits: limitsFor(event, services, 'report.create'),
      proof: { kind: 'challenge', challenge: checkChallenge(services.keys, altcha, Date.now()) },
      ...(emergency && { emergencyKind: emergency.kind }),
    })
    return { reference, receipt: formatReceipt(receipt), statement, nonce, clock, ...(emergency && { emergency }), ...(hasDuty === false && { nobodyOnDuty: true }) }
  },
})
