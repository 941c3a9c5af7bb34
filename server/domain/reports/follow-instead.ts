import type { Confirmation } from '#shared/reports/confirmation'
import type { Limit } from '#server/db/reports'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { discardDraft } from './discard-draft.ts'
import { sentDraft, type HeldDraft } from './draft.ts'
import { followReport } from './follow-report.ts'
import { saveDraft } from './save-draft.ts'

/**
 * Follows a neighbour's report in place of sending one's own: what was written is deleted.
 * @throws AppError not_found, rate_limited
 */
export async function followInstead(services: Services, held: HeldDraft, reference: string, limits: { follow: Limit[], draft: Limit[] }): Promise<Confirmation> {
  if (held.draft.sent) return held.draft.sent.confirmation
  const { station, now } = await getReferenceData(services)
  const followed = await followReport(services, reference, limits.follow)
  const confirmation: Confirmation = { kind: 'followed', ...followed, at: now, timeZone: station?.time_zone ?? 'Asia/Shanghai', urgency: 'normal' }
  await discardDraft(services, held.token)
  await saveDraft(services, sentDraft(held, confirmation, Date.now()), limits.draft)
  return confirmation
}
