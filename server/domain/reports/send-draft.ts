import { AppError } from '#shared/errors'
import type { Confirmation } from '#shared/reports/confirmation'
import { reportOf } from '#shared/reports/draft'
import { reportInputSchema } from '#shared/reports/report-schema'
import { isRevisitByLetter } from '#shared/reports/safe-contact'
import type { Limit } from '#server/db/reports'
import type { Actor } from '../accounts/actor.ts'
import { getReferenceData } from '../communities/get-reference-data.ts'
import { getStationCalendar } from '../communities/get-station-calendar.ts'
import type { Services } from '../services.ts'
import { confirmationOf } from './confirmation.ts'
import { draftHash, sentDraft, type HeldDraft } from './draft.ts'
import { saveDraft } from './save-draft.ts'
import { submitInAnyCase } from './submit-in-any-case.ts'
import type { Submission } from './submit-report.ts'

interface Sending {
  locale: 'zh' | 'en'
  actor?: Actor
  proof: Submission['proof']
  limits: { create: Limit[], draft: Limit[] }
  emergencyKind?: string
}

/**
 * Files the report of a draft. Afterwards the draft holds the confirmation only, so that a second click gets the same one.
 * @throws AppError invalid (a step is missing or its answer no longer fits), rate_limited, unavailable
 */
export async function sendDraft(services: Services, held: HeldDraft, sending: Sending): Promise<Confirmation> {
  const { token, draft } = held
  if (draft.sent) return draft.sent.confirmation
  const input = reportInputSchema.safeParse(reportOf(draft.answers, sending.locale))
  if (!input.success) throw new AppError('invalid', {}, { fields: { form: { key: 'reports.check.incomplete' } } })

  const submission: Submission = {
    input: input.data, channel: 'web', idempotencyKey: draft.idempotencyKey, proof: sending.proof, limits: sending.limits.create, draftIdHash: draftHash(services.keys, token),
    files: draft.files.map(file => ({ ...file, key: Buffer.from(file.key, 'base64') })),
    ...(sending.actor && { actor: sending.actor }), ...(sending.emergencyKind && { emergencyKind: sending.emergencyKind }),
  }
  // Read before sending: what fails here has sent nothing.
  const reference = await getReferenceData(services)
  const calendar = await getStationCalendar(services, Date.parse(reference.now))
  const submitted = await submitInAnyCase(services, submission)
  const confirmation = confirmationOf(submitted, { calendar, isByLetter: isRevisitByLetter(input.data.category, input.data.contact), waitsApart: submitted.waitsApart })
  await saveDraft(services, sentDraft(held, confirmation, Date.now()), sending.limits.draft)
  return confirmation
}
