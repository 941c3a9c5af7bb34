import { createHash } from 'node:crypto'
import { AppError } from '#shared/errors'
import type { FiledPatrolReport, NewPatrolReport, Round, Visit } from '#shared/patrols/round-schema'
import { formatReceipt } from '#shared/reports/receipt'
import type { DeskActor } from '#server/db/desk-reports'
import { roundQueries, type RoundRow } from '#server/db/patrol-rounds'
import type { Limit } from '#server/db/reports'
import { findCategory, getReferenceData } from '../communities/get-reference-data.ts'
import { submitReport } from '../reports/submit-report.ts'
import type { Services } from '../services.ts'
import { canonicalJson } from '../trust/canonical-json.ts'
import { checkpointHash, sealSummary } from './round-secrets.ts'

/** What volunteers and the desk both see of a patrol on its way. */
export function roundOf({ state, present, checklist, checkpoints, report, overdue }: RoundRow) {
  return {
    state, present, checklist, checkpoints: checkpoints.map(({ visited_at: visitedAt, ...point }) => ({ ...point, visitedAt })),
    report: report && { filedAt: report.filed_at, routeWalked: report.route_walked, findings: report.findings }, overdue: overdue && { leadToldAt: overdue.lead_told_at, stationToldAt: overdue.station_told_at },
  }
}

/** Checklist, checkpoints and report of a patrol, for those on it and whoever leads it. @throws AppError sign_in_required, not_found */
export async function readRound({ clients }: Services, actor: DeskActor, shift: string): Promise<Round> {
  const row = await roundQueries(clients, actor).get(shift)
  return { ...roundOf(row), mayAnswer: row.may_answer, mayReport: row.may_report }
}

/** One's own answers; what is not named stays. @throws AppError not_found: not checked in, status_order, invalid_input */
export async function answerChecklist(services: Services, actor: DeskActor, shift: string, answers: Record<string, boolean>): Promise<Round> {
  await roundQueries(services.clients, actor).answer(shift, answers)
  return readRound(services, actor, shift)
}

/** A poster was scanned by somebody on patrol. @throws AppError sign_in_required, not_found: an unknown code, or no patrol of one's own under way on its route */
export async function visitCheckpoint(services: Services, actor: DeskActor, code: string): Promise<Visit> {
  const { name, minute_at: visitedAt, is_new: isNew } = await roundQueries(services.clients, actor).visit(checkpointHash(services, code))
  return { name, visitedAt, isNew }
}

/**
 * Files the report of a patrol; each finding becomes a report of the channel `patrol`, anonymous: who walked stands with the patrol, not with the report. The same key with the same body answers the same and
 * goes on where a send broke off.
 * @param dangerIn what the emergency rules say of a text
 * @throws AppError invalid (a category that is not on the list), not_found, status_order, conflict: there is one, idempotency_conflict, rate_limited
 */
export async function filePatrolReport(services: Services, actor: DeskActor, shift: string, report: NewPatrolReport, { dangerIn, limits }: { dangerIn: (text: string) => string | undefined, limits: Limit[] }): Promise<FiledPatrolReport> {
  const { keys, clients } = services
  const { idempotencyKey, locale, routeWalked, summary, findings } = report
  const reference = await getReferenceData(services)
  const unknown = findings.findIndex(({ category }) => !findCategory(reference, category))
  if (unknown >= 0) throw new AppError('invalid', {}, { fields: { [`findings.${unknown}.category`]: { key: 'choose' } } })
  const queries = roundQueries(clients, actor)
  const { community } = await queries.file({
    shift, key_hash: keys.keyedHash('index', `patrol report ${shift} ${idempotencyKey}`), body_hash: keys.keyedHash('index', createHash('sha256').update(canonicalJson({ routeWalked, summary, findings })).digest('hex')),
    route_walked: routeWalked, summary_sealed: summary ? sealSummary(services, shift, summary) : null, findings: findings.length,
  })
  const grids = reference.communities.find(({ slug }) => slug === community)?.grids ?? []
  const filed: FiledPatrolReport['findings'] = []
  for (const [index, { category, text, grid }] of findings.entries()) {
    const emergencyKind = dangerIn(text)
    const place = grids.find(({ id, code }) => grid === id || grid === code)
    const { reference: number, receipt } = await submitReport(services, {
      input: { category, description: text, community, grid: place?.id, answers: {}, contact: { mode: 'anonymous' }, locale }, channel: 'patrol', proof: { kind: 'trusted' }, limits,
      idempotencyKey: keys.keyedHash('index', `patrol finding ${shift} ${idempotencyKey} ${index}`), ...(emergencyKind && { emergencyKind }),
    })
    await queries.link(shift, index + 1, number)
    filed.push({ reference: number, receipt: formatReceipt(receipt) })
  }
  return { findings: filed }
}
