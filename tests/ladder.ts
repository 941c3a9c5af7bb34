import { z } from 'zod'
import { trackedReportSchema } from '#shared/reports/report-answers'
import { caller, fileReport, type Caller } from './desk-caller.ts'

/** A report that was accepted: its reporter's reference and receipt. */
export interface LadderCase { reference: string, receipt: string }
export type Visitor = 'officer' | 'lead' | 'chief'

/**
 * Noon at the station so many days later: past the quiet hours, and past whatever was late before.
 * A test that counts what is told lets the demo's own visits become late and be told first.
 */
export const noonAfter = (now: string, days: number) => `${new Date(Date.parse(now) + days * 86_400_000).toISOString().slice(0, 10)}T04:00:00.000Z`

/** The staff of the demo station at work on the ladder, by the API alone. */
export async function openLadder(portalUrl: string) {
  const staff: Record<Visitor, Caller> = { officer: await caller(portalUrl, 'officer'), lead: await caller(portalUrl, 'lead'), chief: await caller(portalUrl, 'chief') }

  async function act(who: Visitor, path: string, body: unknown) {
    const answer = await staff[who].call('POST', path, body)
    if (answer.status >= 300) throw new Error(`${who} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  }

  async function tracked({ reference, receipt }: LadderCase) {
    const answer = await fetch(`${portalUrl}/api/reports/${reference}`, { headers: { 'x-receipt': receipt } })
    return trackedReportSchema.parse(await answer.json())
  }

  return {
    tracked,
    lastStep: async (one: LadderCase) => (await tracked(one)).revisits.at(-1) ?? z.never().parse('the report is not accepted'),
    /** A report in the officer's own community, accepted. */
    async accepted(over: Parameters<typeof fileReport>[1] = {}): Promise<LadderCase> {
      const { reference, receipt } = await fileReport(portalUrl, over)
      await act('officer', `desk/reports/${reference}/accept`, {})
      return { reference, receipt }
    },
    async visit(one: LadderCase, who: Visitor = 'officer', over: Record<string, unknown> = {}) {
      const last = (await tracked(one)).revisits.at(-1)
      await act(who, `desk/reports/${one.reference}/revisits/${last?.id}/record`, { met: 'reporter', method: 'station', topics: { manner: 'good' }, ...over.method === 'portal' && { letter: 'How are things now?' }, ...over })
    },
    async settle({ reference }: LadderCase, suggestion: string, text: string) {
      await act('chief', `desk/reports/${reference}/suggestions/${suggestion}/outcome`, { text })
    },
  }
}
