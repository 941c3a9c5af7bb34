import { z } from 'zod'
import { definitionSchema } from '#shared/surveys/definition'
import { surveyCountsSchema, type SurveyCounts } from '#shared/surveys/survey-results'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'
import type { Limit } from './reports.ts'

const done = z.object({ ok: z.literal(true) })
const instant = z.string()
const localised = z.object({ zh: z.string(), en: z.string() })
const key = z.object({ id: z.uuid(), spki: z.string() }).nullable()
const listed = z.object({
  id: z.uuid(), state: z.enum(['planned', 'open', 'closed']), mode: z.enum(['ballot', 'invited']), is_open_to_all: z.boolean(), opens_at: instant, closes_at: instant, title: localised,
  communities: z.array(z.object({ id: z.uuid(), slug: z.string(), key })),
})
const withDefinition = listed.extend({ definition: definitionSchema })
const invitations = z.array(z.object({ community: z.string(), made: z.number(), used: z.number(), is_untouched: z.boolean() }))
const deskRow = listed.extend({
  state: z.enum(['draft', 'planned', 'open', 'closed']), opens_at: instant.nullable(), closes_at: instant.nullable(), series: z.uuid(), revision: z.number(), written_by: localised, written_at: instant, approved_by: localised.nullable(), answers: z.number(), invitations,
})
const draws = z.array(z.object({ community: z.string(), numbers: z.number(), wanted: z.number(), listed_on: z.string(), root_of: z.string(), list_hash: z.string(), root: z.string().nullable(), drawn: z.array(z.number()).nullable() }))
const dueDraws = z.array(z.object({ survey: z.uuid(), community: z.uuid(), slug: z.string(), numbers: z.number(), wanted: z.number(), listed_on: z.string(), root_of: z.string(), root: z.string() }))
const advanced = done.extend({ closed: z.number(), wanted: z.array(z.object({ occasion_id: z.uuid(), community: z.uuid(), opens_at: instant, closes_at: instant })) })
const answers = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string()), z.record(z.string(), z.string()), z.null()]))

const listSurveys = done.extend({ now: instant, surveys: z.array(listed) })
const readSurvey = done.extend({ now: instant, survey: withDefinition })
const answered = done.extend({ counted: z.enum(['ballot', 'invited', 'open']) })
const results = done.extend({ survey: withDefinition, rounds: z.array(z.object({ survey: z.uuid(), closed_on: z.string(), released_at: instant, results: surveyCountsSchema })) })
const due = done.extend({
  surveys: z.array(z.object({
    survey: z.uuid(), station: z.uuid(), closed_on: z.string(), definition: definitionSchema, mode: z.enum(['ballot', 'invited']), communities: z.array(z.uuid()), eligible: z.number(),
    census: z.array(z.object({ community: z.uuid(), age_from: z.number(), residents: z.number(), as_of: z.string() })),
  })),
})
const answerPage = done.extend({ answers: z.array(z.object({ id: z.uuid(), community: z.uuid().nullable(), source: z.enum(['ballot', 'invited', 'open']), marks: z.array(z.string()), answers })) })

/** An answer as it is kept: texts sealed, the network as a keyed hash, and nobody with it. */
export interface SurveyRow { survey: string, answers: Record<string, unknown>, texts: { question: string, sealed: string }[], network: string, is_staff?: boolean }
type Voucher = { key: string, nullifier: string } | { token_hash: string } | { community?: string, limits: Limit[] }

/** Surveys for everybody, and what the server does with answers. */
export function surveyQueries({ server, guest }: Clients) {
  return {
    list: () => call(guest(), 'list_surveys', undefined as never, listSurveys),
    read: (survey: string) => call(guest(), 'read_survey', { p: { survey } }, readSurvey),
    results: (survey: string) => call(guest(), 'get_survey_results', { p: { survey } }, results),
    draws: async (survey: string) => (await call(guest(), 'list_survey_draws', { p: { survey } }, done.extend({ draws }))).draws,
    link: (survey: string, hash: string) => call(server, 'read_survey_link', { p: { survey, token_hash: hash } }, done.extend({ is_used: z.boolean() })),
    answer: (row: SurveyRow & Voucher) => call(server, 'answer_survey', { p: { ...row } as never }, answered),
    advance: () => call(server, 'advance_surveys', undefined as never, advanced),
    foresee: () => call(server, 'foresee_surveys', undefined as never, advanced),
    dueDraws: async () => (await call(server, 'list_due_draws', undefined as never, done.extend({ draws: dueDraws }))).draws,
    keepDrawn: (drawn: { survey: string, community: string, root: string, drawn: number[] }) => call(server, 'keep_drawn_numbers', { p: { ...drawn } }, done),
    due: async () => (await call(server, 'list_due_surveys', undefined as never, due)).surveys,
    answers: async (survey: string, after?: string) => (await call(server, 'list_survey_answers', { p: { survey, ...(after && { after }) } }, answerPage)).answers,
    retain: (limit: number, isDry = false) => call(server, 'retain_surveys', { p: { limit, is_dry: isDry } }, done.extend({ answers: z.number(), texts: z.number(), has_more: z.boolean() })),
    release: (survey: string, counts: SurveyCounts) => call(server, 'release_survey', { p: { survey, results: counts } as never }, done.extend({ is_new: z.boolean() })),
  }
}

/** Surveys at the desk. What the portal must check or make goes by the server with the actor named, the rest as the actor. */
export function deskSurveyQueries({ as, server }: Clients, { accessToken, userId, sessionId }: DeskActor) {
  const actor = { actor: userId, session: sessionId }
  return {
    list: () => call(as(accessToken), 'list_desk_surveys', undefined as never, done.extend({ now: instant, surveys: z.array(deskRow) })),
    read: (survey: string) => call(as(accessToken), 'read_desk_survey', { p: { survey } }, done.extend({ now: instant, survey: deskRow.extend({ definition: definitionSchema }) })),
    save: (draft: { definition: unknown, survey?: string, revision?: number, series?: string }) => call(server, 'save_survey', { p: { ...actor, ...draft } as never }, done.extend({ survey: z.uuid(), revision: z.number() })),
    drop: (survey: string) => call(as(accessToken), 'drop_survey', { p: { survey } }, done),
    approve: (approval: { survey: string, revision: number, mode: string, is_open_to_all: boolean, opens_at: string, closes_at: string, communities: string[] }) => call(server, 'approve_survey', { p: { ...actor, ...approval } }, done),
    end: (survey: string) => call(as(accessToken), 'end_survey', { p: { survey } }, done),
    invite: (survey: string, community: string, hashes: string[]) => call(server, 'keep_survey_invitations', { p: { ...actor, survey, community, hashes } }, done),
    fixDraw: (draw: { survey: string, community: string, numbers: number, wanted: number, listed_on: string, root_of: string, list_hash: string }) => call(server, 'fix_survey_draw', { p: { ...actor, ...draw } }, done),
    texts: async (survey: string) => (await call(server, 'list_survey_texts', { p: { ...actor, survey } }, done.extend({ texts: z.array(z.object({ question: z.string(), community: z.string().nullable(), text_sealed: z.string() })) }))).texts,
    census: async () => (await call(as(accessToken), 'list_census', undefined as never, done.extend({ counts: z.array(z.object({ community: z.string(), age_from: z.number(), residents: z.number(), as_of: z.string() })) }))).counts,
    saveCensus: (census: { community: string, as_of: string, counts: Record<string, number> }) => call(as(accessToken), 'save_census', { p: { ...census } }, done),
  }
}
