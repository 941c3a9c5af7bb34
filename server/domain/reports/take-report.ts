import { AppError } from '#shared/errors'
import type { CreateIntake } from '#shared/reports/intake-schema'
import type { Limit } from '#server/db/reports'
import { deskQueries } from '#server/db/desk-reports'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'
import type { KeptReceipt } from './intake-draft.ts'
import { submitReport } from './submit-report.ts'

/** Sixty an hour is more than anybody can listen to; a stolen session stops there. */
const perHour = 60

/** The windows of an intake: by the colleague, whose counter shares an address with others. */
export function intakeLimits({ keys }: Services, staffId: string): Limit[] {
  return [{ bucket: `report.intake:${keys.mac('address', `staff ${staffId}`).toString('base64url')}`, times: perHour, seconds: 3600 }]
}

/**
 * Takes a report in for somebody at the counter or on the phone: the same rules as for everybody, no account behind it (RULES B1), and the
 * name of who typed. The same key gives the same receipt.
 * @throws AppError invalid (fields), forbidden for whoever handles no reports, names_you, rate_limited, idempotency_conflict
 */
export async function takeReport(services: Services, taker: Actor, { way, idempotencyKey, ...input }: CreateIntake, { emergencyKind, limits, trackUrl }: { emergencyKind: string | undefined, limits: Limit[], trackUrl: string }): Promise<KeptReceipt> {
  const { name, badge_number: badgeNumber } = await deskQueries(services.clients, taker).profile()
  const submitted = await submitReport(services, {
    input, channel: 'desk', intake: { way, taker }, idempotencyKey, proof: { kind: 'trusted' }, limits, ...(emergencyKind && { emergencyKind }),
  })
  const dueAt = (kind: 'first_look' | 'answer') => {
    const clock = submitted.clock.find(each => each.kind === kind)
    if (!clock) throw new AppError('internal')
    return clock.dueAt
  }
  return {
    reference: submitted.reference, receipt: submitted.receipt, at: submitted.statement.receivedAt, way, takenBy: { name, badgeNumber }, urgency: submitted.urgency,
    isNobodyOnDuty: submitted.hasDuty === false, timeZone: submitted.timeZone, trackUrl, locale: input.locale, firstLookBy: dueAt('first_look'), answerBy: dueAt('answer'),
  }
}
