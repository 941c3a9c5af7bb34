import { expect } from 'vitest'
import type { RevisitFacts } from '#shared/revisits/ladder'
import { type Filed, type Submission, aReport, answerOf, deskCall, moveReport, sealed } from './reports-builder.ts'
import type { Staff, World } from './world.ts'

export type Step = RevisitFacts & { id: string, round: number, visitedBy: string | null }

/** Acts on the ladder, as each of its people, in the world of a test file. */
export function revisitActs(world: () => World) {
  /** The steps of a report as they are kept, oldest first. */
  async function stepsOf(report: Filed): Promise<Step[]> {
    const rows = await world().sql`select * from public.revisits where report_id = ${report.id} order by round, step`
    const at = (value: unknown) => value instanceof Date ? value.toISOString() : value === null ? null : new Date(String(value)).toISOString()
    return rows.map(row => ({
      id: row.id, round: row.round, step: row.step, openedAt: at(row.opened_at)!, visitedAt: at(row.visited_at), visitedBy: row.visited_by, remindedAt: at(row.reminded_at), noReplyAt: at(row.no_reply_at),
      answer: row.answer, answeredAt: at(row.answered_at), answeredBy: row.answered_by, stoppedAt: at(row.stopped_at),
    }))
  }
  const lastStep = async (report: Filed) => (await stepsOf(report)).at(-1)!

  /** What waits for people of this world has gone: a later mail to one of them stands by itself. */
  const mailsGoOut = async () => void await world().sql`update public.outbox set status = 'sent', settled_at = now() where status = 'queued' and recipient_id = any (${Object.values(world().person).map(({ id }) => id)})`

  /** Lets days pass for one report: everything that happened to it lies further back. */
  async function passDays(report: Filed, days: number) {
    await mailsGoOut()
    const back = `${days} days`
    await world().sql.begin(async (sql) => {
      await sql`set local session_replication_role = replica`
      await sql`update public.revisits set opened_at = opened_at - ${back}::interval, visited_at = visited_at - ${back}::interval, reminded_at = reminded_at - ${back}::interval,
        no_reply_at = no_reply_at - ${back}::interval, answered_at = answered_at - ${back}::interval, stopped_at = stopped_at - ${back}::interval where report_id = ${report.id}`
    })
  }

  async function accepted(changes: Submission = {}) {
    await mailsGoOut()
    const report = await aReport(world(), changes)
    expect(await moveReport(world(), 'officer_wang', report, 'received', 'triaged')).toMatchObject({ ok: true })
    return report
  }

  async function record(who: Staff, report: Filed, changes: Submission = {}) {
    await mailsGoOut()
    return deskCall(world(), who, 'record_revisit', {
      reference: report.reference, revisit: (await lastStep(report)).id, method: 'station', topics: { reception: 'good' }, record_sealed: sealed('who was met'), ...changes,
    })
  }
  const answer = async (report: Filed, given: string, changes: Submission = {}) => answerOf(world().server.rpc('answer_revisit', {
    p: { reference: report.reference, access: report.access, revisit: (await lastStep(report)).id, answer: given, guess_limits: [], limits: [], ...changes },
  }))

  return { stepsOf, lastStep, mailsGoOut, passDays, accepted, record, answer }
}
