import { z } from 'zod'
import { closedReasons, statuses } from '#shared/reports/status'
import { contactModes } from '#shared/reports/report-schema'
import { revisitAnswers, revisitLevels } from '#shared/revisits/ladder'
import { call, type Clients } from './clients.ts'

const done = z.object({ ok: z.literal(true) })
const count = z.number()
const instant = z.string()

const exported = z.object({
  id: z.uuid(), reference: z.string(), category: z.string(), community_id: z.uuid().nullable(), grid_id: z.uuid().nullable(), status: z.enum(statuses), closed_reason: z.enum(closedReasons).nullable(),
  urgency: z.enum(['normal', 'urgent']), channel: z.string(), contact_mode: z.enum(contactModes), received_at: instant, first_viewed_at: instant.nullable(), accepted_at: instant.nullable(),
  closed_at: instant.nullable(), assignee: z.string().nullable(), level: z.enum(revisitLevels).nullable(), visit_due_at: instant.nullable(), visited_at: instant.nullable(),
  answer: z.enum(revisitAnswers).nullable(), answered_by: z.enum(['resident', 'staff']).nullable(), no_reply_at: instant.nullable(),
})
export type ExportedCase = z.infer<typeof exported>

const countWorkloadAnswer = done.extend({
  now: instant, states: z.object({ received: count, triaged: count, in_progress: count }), unverified: count, late: z.object({ first_look: count, answer: count }),
  visits: z.array(z.object({ level: z.enum(revisitLevels), waiting: count, late: count })),
  communities: z.array(z.object({ community_id: z.uuid().nullable(), open: count, late: count, visits_late: count })),
})
const exportCasesAnswer = done.extend({
  time_zone: z.string(), cases: z.array(exported), next_cursor: z.object({ received_at: instant, id: z.uuid() }).nullable(),
})

/** Numbers and lists of the desk: numbers under the caller's own token, the list in their name. */
export function workloadQueries({ as, server }: Clients, { accessToken, userId, sessionId }: { accessToken: string, userId: string, sessionId: string }) {
  const own = as(accessToken)
  return {
    count: () => call(own, 'count_workload', undefined as never, countWorkloadAnswer),
    /** A page of cases; the first one is logged as an export. */
    exportPage: (filter: Record<string, unknown>) => call(server, 'export_cases', { p: { ...filter, actor: userId, session: sessionId } as never }, exportCasesAnswer),
  }
}
