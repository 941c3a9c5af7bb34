import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { contactModes, locales } from '#shared/reports/report-schema'
import { revisitAnswers, revisitLevels } from '#shared/revisits/ladder'
import { revisitMethods, topicsSchema } from '#shared/revisits/revisit-schema'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'
import type { Access, Limit } from './reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })

const answers = {
  list: done.extend({
    now: instant, time_zone: z.string(),
    revisits: z.array(z.object({
      id: z.uuid(), step: z.number(), level: z.enum(revisitLevels), opened_at: instant, due_at: instant, informed_at: instant.nullable(), may_visit: z.boolean(), may_open: z.boolean(), visited_at: instant.nullable(), reminded_at: instant.nullable(), no_reply_at: instant.nullable(),
      reference: z.string(), category: z.string().nullable(), community_id: z.uuid().nullable(), contact_mode: z.enum(contactModes).nullable(), is_portal_only: z.boolean().nullable(), urgency: z.enum(['normal', 'urgent']).nullable(),
      locale: z.enum(locales).nullable(), assigned_to: z.uuid().nullable(), assignee: localisedSchema.nullable(),
    })),
    next_cursor: z.object({ opened_at: instant, id: z.uuid() }).nullable(),
  }),
  record: done.extend({
    level: z.enum(revisitLevels), answer: z.enum(revisitAnswers).nullable(), visited_at: instant, suggestions: z.array(z.object({ id: z.uuid(), owner_id: z.uuid(), position: z.number() })),
    next: z.object({ id: z.uuid(), step: z.number(), level: z.enum(revisitLevels), opened_at: instant, due_at: instant, may_visit: z.boolean() }).nullable(),
    letter_id: z.uuid().nullable(),
  }),
  settle: done.extend({ done_at: instant }),
  answer: done.extend({ answer: z.enum(revisitAnswers), next_level: z.enum(revisitLevels).nullish() }),
  advance: done.extend({ informed: z.number(), reminded: z.number(), silent: z.number(), asked_again: z.number(), has_more: z.boolean() }),
}

/** Steps and suggestions as `open_report` hands them out. */
export const openedRevisit = z.object({
  id: z.uuid(), round: z.number(), step: z.number(), level: z.enum(revisitLevels), opened_at: instant, due_at: instant, may_visit: z.boolean(), visited_at: instant.nullable(), visitor: localisedSchema.nullable(),
  method: z.enum(revisitMethods).nullable(), topics: topicsSchema.nullable(), record_sealed: z.string().nullable(), informed_at: instant.nullable(), reminded_at: instant.nullable(), no_reply_at: instant.nullable(),
  answer: z.enum(revisitAnswers).nullable(), answered_at: instant.nullable(), answered_by: z.enum(['resident', 'staff']).nullable(), recorded_answer: z.enum(revisitAnswers).nullable(),
  comment_sealed: z.string().nullable(), asked_again_at: instant.nullable(), stopped_at: instant.nullable(),
})
/** Steps without words, as a change of state answers them. */
export const ladderStep = openedRevisit.pick({ id: true, round: true, step: true, level: true, opened_at: true, due_at: true, may_visit: true, stopped_at: true })
export type LadderStepRow = z.infer<typeof ladderStep>
export const openedSuggestion = z.object({
  id: z.uuid(), at: instant, text_sealed: z.string(), owner: localisedSchema, due_on: z.string(), outcome_sealed: z.string().nullable(), done_at: instant.nullable(), done_by: localisedSchema.nullable(), may_settle: z.boolean(),
})

/** A visit as it is kept: codes in the clear, words under the report's data key. */
export interface VisitRow {
  reference: string, revisit: string, method: string, topics: Record<string, string>, record_sealed: string
  suggestions: { text_sealed: string, owner: string | null, due_on: string }[]
  answer?: string, comment_sealed?: string, letter_sealed?: string
}

/** The desk's part of the ladder. */
export function revisitDeskQueries(clients: Clients, actor: DeskActor) {
  const own = clients.as(actor.accessToken)
  const by = { actor: actor.userId, session: actor.sessionId }
  return {
    list: (filter: Record<string, unknown>) => call(own, 'list_revisits', { p: filter as never }, answers.list),
    record: (visit: VisitRow) => call(clients.server, 'record_revisit', { p: { ...visit, ...by } as never }, answers.record),
    settle: (outcome: { reference: string, suggestion: string, outcome_sealed: string }) => call(clients.server, 'settle_suggestion', { p: { ...outcome, ...by } as never }, answers.settle),
  }
}

/** The reporter's answer. */
export function answerRevisitRow({ server }: Clients, reference: string, access: Access, given: { revisit: string, answer: string, comment_sealed?: string, limits: Limit[], guess_limits: Limit[] }) {
  const asked = 'receipt_hash' in access ? { ...access, guess_limits: given.guess_limits } : access
  return call(server, 'answer_revisit', { p: { reference, access: asked, ...given } as never }, answers.answer)
}

/** One page of what the clock brings about. */
export function advanceRevisitRows({ server }: Clients) {
  return call(server, 'advance_revisits', {}, answers.advance)
}

/** The same, done and undone. */
export function foreseeRevisitRows({ server }: Clients) {
  return call(server, 'foresee_revisits', {}, answers.advance)
}
