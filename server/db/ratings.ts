import { z } from 'zod'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'
import type { Limit } from './reports.ts'

const done = z.object({ ok: z.literal(true) })
const instant = z.string()
const rounds = done.extend({
  now: instant,
  rounds: z.array(z.object({ station: z.uuid(), month: z.string(), closes_at: instant, subjects: z.array(z.object({ id: z.uuid(), community: z.string(), officer: z.uuid(), key: z.object({ id: z.uuid(), spki: z.string() }).nullable() })) })),
})
const advanced = done.extend({ opened: z.number(), closed: z.number(), wanted: z.array(z.object({ occasion_id: z.uuid(), community: z.uuid(), officer: z.uuid(), opens_at: instant, closes_at: instant })) })
const retained = done.extend({ ratings: z.number(), comments: z.number(), has_more: z.boolean() })
const waiting = done.extend({ comments: z.array(z.object({ id: z.uuid(), subject: z.uuid(), community: z.string(), month: z.string(), day: z.string(), text_sealed: z.string() })) })

const ownComments = done.extend({ comments: z.array(z.object({ id: z.uuid(), community: z.string(), month: z.string(), text: z.string(), answer: z.string().nullable() })) })

/** A rating as it is kept: grades, words that are sealed, and the network as a keyed hash. */
export interface RatingRow { knows: boolean, familiar: number | null, satisfied: number | null, prompt: number | null, polite: number | null, effective: number | null, network: string, comment_sealed?: string }

/** Rounds and ratings. What is said goes by the server, which knows nobody with it. */
export function ratingQueries({ server, guest }: Clients) {
  return {
    open: () => call(guest(), 'list_open_ratings', undefined as never, rounds),
    spend: (rating: RatingRow & { key: string, nullifier: string }) => call(server, 'spend_rating', { p: { ...rating } }, done),
    give: (rating: RatingRow & { subject: string, limits: Limit[], is_staff?: boolean }) => call(server, 'give_open_rating', { p: { ...rating } as never }, done),
    retain: (limit: number, isDry = false) => call(server, 'retain_ratings', { p: { limit, is_dry: isDry } }, retained),
    foresee: () => call(server, 'foresee_ratings', undefined as never, advanced),
    advance: () => call(server, 'advance_ratings', undefined as never, advanced),
  }
}

/** Comments at the desk. */
export function ratingCommentQueries({ as, server }: Clients, { accessToken, userId, sessionId }: DeskActor) {
  return {
    waiting: () => call(server, 'list_rating_comments', { p: { actor: userId, session: sessionId } }, waiting),
    own: () => call(as(accessToken), 'list_own_rating_comments', undefined as never, ownComments),
    decide: (id: string, text: string | null) => call(as(accessToken), 'decide_rating_comment', { p: { id, publish: text !== null, ...(text !== null && { text }) } }, done),
    answer: (id: string, text: string) => call(as(accessToken), 'answer_rating_comment', { p: { id, text } }, done),
  }
}
