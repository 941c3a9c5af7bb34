import { z } from 'zod'
import { alertColours, alertKinds, alertStates, areaKinds, capCategories, certainties, effectiveStates, messageTypes, severities, urgencies } from '#shared/alerts/alert-words'
import { alertContentSchema, alertReferenceSchema, circleSchema, publishedAlertSchema, type AlertContent, type AlertStatement } from '#shared/alerts/published-alert'
import { localisedSchema } from '#shared/communities/reference-data'
import { localeCodes } from '#shared/locales'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const byLocale = <Value extends z.ZodType>(value: Value) => z.partialRecord(z.enum(localeCodes), value)

const listed = done.extend({ now: instant, number: z.number(), alerts: z.array(publishedAlertSchema) })
const found = done.extend({ now: instant, alert: publishedAlertSchema, state: z.enum(effectiveStates) })

/** What was published and changed after a number, in that order; `number` is what to ask with next time. */
export const readAlerts = ({ server }: Clients, after?: number) => call(server, 'list_alerts', { p: { ...(after !== undefined && { after }) } }, listed)

/** One published message, however old. @throws AppError not_found */
export const readAlert = ({ server }: Clients, identifier: string) => call(server, 'get_alert', { p_identifier: identifier }, found)

const person = z.object({ id: z.uuid(), name: localisedSchema })
const facts = z.object({
  identifier: z.string(), chain: z.string(), base: z.string().nullable(), message_type: z.enum(messageTypes), is_exercise: z.boolean(), kind: z.enum(alertKinds), colour: z.enum(alertColours).nullable(), event: z.string(),
  urgency: z.enum(urgencies), severity: z.enum(severities), certainty: z.enum(certainties), onset: instant.nullable(), expires: instant, follows: z.string().nullable(), community_ids: z.array(z.uuid()),
  headlines: byLocale(z.string()), state: z.enum(alertStates), effective_state: z.enum(effectiveStates).nullable(), revision: z.number(), needs_second_person: z.boolean(),
  created_at: instant, created_by: person, edited_at: instant, edited_by: person, submitted_at: instant.nullable(), submitted_by: person.nullable(), returned_reason: z.string().nullable(),
  approved_at: instant.nullable(), approved_by: person.nullable(), override_reason: z.string().nullable(), sent: instant.nullable(), published_by: person.nullable(),
  ended_by: z.string().nullable(), ended_by_type: z.enum(messageTypes).nullable(),
})
export type AlertFacts = z.infer<typeof facts>
const whole = facts.extend({
  texts: byLocale(z.object({ headline: z.string(), description: z.string(), instruction: z.string().nullable() })), contact: z.string().nullable(), web: z.string().nullable(), grid_ids: z.array(z.uuid()),
  areas: z.array(z.object({
    kind: z.enum(areaKinds), community: z.uuid().nullable(), grid: z.uuid().nullable(), label: localisedSchema,
    shape: z.union([z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(z.array(z.number()))) }), circleSchema]).nullable(),
  })),
  references: z.array(alertReferenceSchema),
})
export type WholeAlert = z.infer<typeof whole>
const me = z.object({ id: z.uuid(), role: z.string(), community_ids: z.array(z.uuid()) })
export type AlertReader = z.infer<typeof me>
const one = done.extend({ me, alert: whole })

/** A draft as `save_alert` takes it: the form, and what drawn areas touch. */
export type AlertForm = Record<string, unknown>

/** Messages at the desk until they are published, under the token of whoever writes them. */
export function deskAlertQueries({ as }: Clients, { accessToken }: DeskActor) {
  const own = as(accessToken)
  return {
    list: (state?: 'open' | 'published' | 'discarded') => call(own, 'list_desk_alerts', { p: { ...(state && { state }) } }, done.extend({ me, alerts: z.array(facts) })),
    read: (identifier: string) => call(own, 'read_desk_alert', { p: { identifier } }, one.extend({ chain: z.array(facts) })),
    save: (form: AlertForm) => call(own, 'save_alert', { p: form as never }, one),
    start: (identifier: string, act: 'update' | 'cancel' | 'all_clear' | 'exercise') => call(own, 'start_alert', { p: { identifier, act } }, one),
    decide: (decision: { identifier: string, revision: number, act: 'submit' | 'return' | 'discard' | 'approve', reason?: string }) => call(own, 'decide_alert', { p: decision }, one),
    preview: (identifier: string) => call(own, 'preview_alert', { p: { identifier } }, previewed),
    offers: () => call(own, 'list_alert_templates', undefined as never, offers),
    saveTemplate: (template: Record<string, unknown>) => call(own, 'save_alert_template', { p: template as never }, done),
    removeTemplate: (slug: string) => call(own, 'remove_alert_template', { p: { slug } }, done),
  }
}

const previewed = done.extend({ content: alertContentSchema, chain: z.string(), chain_sent: z.string(), follows: z.string().nullable(), community_ids: z.array(z.uuid()), grid_ids: z.array(z.uuid()) })

const offers = done.extend({
  may_edit: z.boolean(), events: z.array(z.object({ code: z.string(), category: z.enum(capCategories), name: localisedSchema })),
  templates: z.array(z.object({
    slug: z.string(), name: localisedSchema, message_type: z.enum(messageTypes), kind: z.enum(alertKinds), colour: z.enum(alertColours).nullable(), event: z.string(), hours: z.number(),
    texts: z.object({ zh: whole.shape.texts.valueType, en: whole.shape.texts.valueType.optional() }),
  })),
})

interface Publication { identifier: string, revision: number, overrideReason?: string | undefined }

/** The two calls of a publication, by the portal: what it would say, and then that with the portal's signature (RULES A2). */
export function publicationQueries({ server }: Clients, { userId, sessionId }: DeskActor) {
  const about = ({ identifier, revision, overrideReason }: Publication) => ({ actor: userId, session: sessionId, identifier, revision, ...(overrideReason && { override_reason: overrideReason }) })
  return {
    prepare: (publication: Publication): Promise<{ content: AlertContent }> => call(server, 'prepare_alert', { p: about(publication) }, done.extend({ content: alertContentSchema })),
    publish: (publication: Publication, content: AlertContent, statement: AlertStatement) =>
      call(server, 'publish_alert', { p: { ...about(publication), content, statement } as never }, done.extend({ alert: publishedAlertSchema })),
  }
}
