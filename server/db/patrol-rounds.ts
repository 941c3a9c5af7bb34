import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { shiftStates } from '#shared/patrols/patrol-words'
import { routeWalkedWords } from '#shared/patrols/round-schema'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const overdue = z.object({ lead_told_at: instant, station_told_at: instant.nullable() })
const facts = done.extend({
  state: z.enum(shiftStates), present: z.number(), checklist: z.array(z.object({ code: z.string(), name: localisedSchema, mine: z.boolean().nullable(), met: z.number() })),
  checkpoints: z.array(z.object({ id: z.uuid(), name: localisedSchema, visited_at: instant.nullable() })),
  report: z.object({ filed_at: instant, route_walked: z.enum(routeWalkedWords), findings: z.number() }).nullable(), overdue: overdue.nullable(),
})
export type RoundRow = z.infer<typeof facts>
const issued = done.extend({
  route: z.object({ id: z.uuid(), name: localisedSchema, community: localisedSchema }),
  codes: z.array(z.object({ checkpoint: z.uuid(), position: z.number(), name: localisedSchema, hash: z.string(), sealed: z.string(), issued_at: instant })),
})

/** A report as it is kept; hashes and ciphertext were made by the caller. */
export interface PatrolReportRow { shift: string, key_hash: string, body_hash: string, route_walked: string, summary_sealed: string | null, findings: number }

/** A patrol on its way, for those on it and whoever leads it. */
export function roundQueries({ as, server }: Clients, { accessToken, userId, sessionId }: DeskActor) {
  const by = { actor: userId, session: sessionId }
  return {
    get: (shift: string) => call(as(accessToken), 'get_patrol_round', { p: { shift } }, facts.extend({ may_answer: z.boolean(), may_report: z.boolean() })),
    answer: (shift: string, answers: Record<string, boolean>) => call(as(accessToken), 'answer_checklist', { p: { shift, answers } }, done),
    visit: (codeHash: string) => call(server, 'visit_checkpoint', { p: { ...by, code_hash: codeHash } }, done.extend({ name: localisedSchema, minute_at: instant, is_new: z.boolean() })),
    file: (report: PatrolReportRow) => call(server, 'file_patrol_report', { p: { ...by, ...report } }, done.extend({ is_replay: z.boolean(), community: z.string() })),
    link: (shift: string, position: number, reference: string) => call(server, 'link_patrol_finding', { p: { shift, position, reference } }, done),
  }
}

/** The desk's side of it: what came of a patrol, who is not home, and the codes of posters. */
export function deskRoundQueries({ as, server }: Clients, { accessToken, userId, sessionId }: DeskActor) {
  const by = { actor: userId, session: sessionId }
  return {
    open: (shift: string) => call(server, 'open_patrol_round', { p: { ...by, shift } }, facts.extend({ summary_sealed: z.string().nullable(), findings: z.array(z.object({ position: z.number(), reference: z.string() })) })),
    overdue: () => call(as(accessToken), 'list_overdue_patrols', undefined as never, done.extend({ patrols: z.array(overdue.extend({ shift: z.uuid(), community: z.string(), ends_at: instant, out: z.number() })) })),
    issue: (route: string, codes: { hash: string, sealed: string }[], renew?: string) => call(server, 'issue_checkpoint_codes', { p: { ...by, route, codes, ...(renew && { renew }) } }, issued),
  }
}
