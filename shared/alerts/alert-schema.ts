import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { localeCodes } from '../locales.ts'
import { alertActs } from './alert-rights.ts'
import { alertColours, alertKinds, alertStates, alertTextLimits, areaKinds, capCategories, certainties, effectiveStates, messageTypes, severities, urgencies } from './alert-words.ts'
import { alertReferenceSchema, circleSchema, publishedAlertSchema } from './published-alert.ts'

/* Alerts at the desk and in the API. private.is_alert_draft in the database has the same limits. */

const instant = z.iso.datetime({ offset: true }).meta({ format: 'date-time' })
// Nothing that XML 1.0 cannot carry; a pasted line end of another system counts as one.
const unprintable = /(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu
const lines = (least: number, most: number) => z.string('required').transform(text => text.replace(/\r\n?/g, '\n').replace(unprintable, '').trim()).pipe(z.string().min(least, least > 1 ? 'textMin' : 'required').max(most, 'textMax'))
const line = (least: number, most: number) => z.string('required').transform(text => text.replace(unprintable, '').replace(/\s*[\r\n]+\s*/g, ' ').trim()).pipe(z.string().min(least, least > 1 ? 'textMin' : 'required').max(most, 'textMax'))
const { headline, description, instruction } = alertTextLimits
const emptyIsNull = (value: unknown) => typeof value === 'string' && value.trim() === '' ? null : value

export const alertTextInputSchema = z.object({
  headline: line(headline.least, headline.most), description: lines(description.least, description.most),
  instruction: z.preprocess(emptyIsNull, lines(1, instruction).nullable()).default(null),
})

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
/** One ring, closed, without holes; that it does not cross itself is looked at where the map is known. */
export const drawnPolygonSchema = z.object({ type: z.literal('Polygon'), coordinates: z.tuple([z.array(position).min(4, 'alerts.errors.ring').max(200, 'alerts.errors.ring')]) })
  .refine(({ coordinates: [ring] }) => ring[0]?.[0] === ring.at(-1)?.[0] && ring[0]?.[1] === ring.at(-1)?.[1], 'alerts.errors.ring')
const label = z.object({ zh: line(1, 200), en: line(1, 200) })
export const alertAreaInputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('station') }),
  z.object({ kind: z.literal('community'), community: z.uuid() }),
  z.object({ kind: z.literal('grid'), grid: z.uuid() }),
  z.object({ kind: z.literal('polygon'), shape: drawnPolygonSchema, label }),
  z.object({ kind: z.literal('circle'), shape: circleSchema, label }),
])
export type AlertAreaInput = z.infer<typeof alertAreaInputSchema>

/** Fields that a draft has. `expires` is compulsory; the texts and areas may be missing until it is handed in. */
const draftFields = {
  kind: z.enum(alertKinds), colour: z.enum(alertColours).nullable().default(null), event: z.string().max(60),
  urgency: z.enum(urgencies), severity: z.enum(severities), certainty: z.enum(certainties),
  onset: instant.nullable().default(null), expires: instant, isExercise: z.boolean().default(false),
  follows: z.string().max(20).nullable().default(null).meta({ description: 'Of a solved notice: the warning whose audience gets it' }),
  texts: z.partialRecord(z.enum(localeCodes), alertTextInputSchema).default({}),
  areas: z.array(alertAreaInputSchema).max(20, 'tooMany').default([]),
  contact: z.preprocess(emptyIsNull, line(1, 200).nullable()).default(null),
  web: z.preprocess(emptyIsNull, z.url({ protocol: /^https?$/ }).max(500).nullable()).default(null),
}
const hasColourWhereWarning = ({ kind, colour }: { kind: string, colour: string | null }) => (kind === 'warning') === (colour !== null)
const beginsBeforeItEnds = ({ onset, expires }: { onset: string | null, expires: string }) => onset === null || Date.parse(onset) < Date.parse(expires)

const checked = <Schema extends z.ZodObject<typeof draftFields>>(schema: Schema) => schema
  .refine(hasColourWhereWarning, { path: ['colour'], message: 'required' })
  .refine(beginsBeforeItEnds, { path: ['onset'], message: 'alerts.errors.onset' })
  .refine(({ kind, follows }) => follows === null || kind === 'solved', { path: ['follows'], message: 'invalid' })

/** `POST /api/desk/alerts`: a new draft. */
export const newAlertSchema = checked(z.object(draftFields))
/** `POST /api/desk/alerts/{id}`: `revision` is the one that the editor had seen. */
export const changeAlertSchema = checked(z.object({ ...draftFields, revision: z.number().int().min(1) }))
export type AlertDraft = z.infer<typeof newAlertSchema>

export const alertPathSchema = z.object({ identifier: z.string().max(20) })
export const deskAlertPathSchema = z.object({ id: z.string().max(20).meta({ description: 'The identifier of the message' }) })
export const alertsQuerySchema = z.object({
  community: z.string().max(60).optional().meta({ description: 'Slug' }), kind: z.enum(alertKinds).optional(),
})
export const deskAlertsQuerySchema = z.object({ state: z.enum(['open', 'published', 'discarded']).optional() })

/** `revision`: what was looked at; another one in the meantime is a conflict. Without it: as it is now. */
const seen = z.object({ revision: z.number().int().min(1).optional() })
export const decideAlertSchema = seen
export const returnAlertSchema = seen.extend({ reason: lines(3, 500) })
/** `overrideReason`: the chief publishes alone. */
export const publishAlertSchema = seen.extend({ overrideReason: lines(6, 500).optional() })

/** An alert as the public API gives it. */
export const shownAlertSchema = publishedAlertSchema.extend({ state: z.enum(effectiveStates) })
export type ShownAlert = z.infer<typeof shownAlertSchema>
export const alertListSchema = z.object({ alerts: z.array(shownAlertSchema) })

const person = z.object({ id: z.uuid(), name: localisedSchema })
export const deskAlertCardSchema = z.object({
  identifier: z.string(), chain: z.string(), base: z.string().nullable(), messageType: z.enum(messageTypes), isExercise: z.boolean(), kind: z.enum(alertKinds), colour: z.enum(alertColours).nullable(),
  event: z.string(), urgency: z.enum(urgencies), severity: z.enum(severities), certainty: z.enum(certainties), onset: instant.nullable(), expires: instant, follows: z.string().nullable(),
  communityIds: z.array(z.uuid()), headlines: z.partialRecord(z.enum(localeCodes), z.string()),
  state: z.enum(alertStates), effectiveState: z.enum(effectiveStates).nullable(), revision: z.number(), needsSecondPerson: z.boolean(),
  createdAt: instant, createdBy: person, editedAt: instant, editedBy: person, submittedAt: instant.nullable(), submittedBy: person.nullable(), returnedReason: z.string().nullable(),
  approvedAt: instant.nullable(), approvedBy: person.nullable(), overrideReason: z.string().nullable(), sent: instant.nullable(), publishedBy: person.nullable(),
  endedBy: z.string().nullable(), endedByType: z.enum(messageTypes).nullable(),
  /** What the reader may do with it now. */
  may: z.array(z.enum(alertActs)),
})
export type DeskAlertCard = z.infer<typeof deskAlertCardSchema>
export const deskAlertsSchema = z.object({ alerts: z.array(deskAlertCardSchema) })

const deskText = z.object({ headline: z.string(), description: z.string(), instruction: z.string().nullable() })
/** As it was filled in: drawn areas with their shapes, others by their id. */
export const deskAreaSchema = z.object({
  kind: z.enum(areaKinds), community: z.uuid().nullable(), grid: z.uuid().nullable(), label: localisedSchema,
  shape: z.union([z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(z.array(z.number()))) }), circleSchema]).nullable(),
})
export const deskAlertSchema = deskAlertCardSchema.extend({
  texts: z.partialRecord(z.enum(localeCodes), deskText), contact: z.string().nullable(), web: z.string().nullable(), gridIds: z.array(z.uuid()), areas: z.array(deskAreaSchema), references: z.array(alertReferenceSchema),
})
export type DeskAlert = z.infer<typeof deskAlertSchema>
/** One message, and all of its chain, the oldest first. */
export const readAlertSchema = z.object({ alert: deskAlertSchema, chain: z.array(deskAlertCardSchema) })
export type ReadAlert = z.infer<typeof readAlertSchema>
export const savedAlertSchema = z.object({ alert: deskAlertSchema })
export const publishedAnswerSchema = z.object({ alert: shownAlertSchema })

export const alertTemplateSchema = z.object({
  slug: z.string().max(60).regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'invalid'), name: z.object({ zh: line(1, 80), en: line(1, 80) }), messageType: z.enum(messageTypes).default('alert'),
  kind: z.enum(alertKinds), colour: z.enum(alertColours).nullable().default(null), event: z.string().max(60), hours: z.number().int().min(1).max(720),
  texts: z.object({ zh: alertTextInputSchema, en: alertTextInputSchema.optional() }),
}).refine(hasColourWhereWarning, { path: ['colour'], message: 'required' })
export type AlertTemplate = z.infer<typeof alertTemplateSchema>
export const templatePathSchema = z.object({ slug: z.string().max(60) })
/** What the composer offers. */
export const alertOffersSchema = z.object({
  mayEdit: z.boolean(), events: z.array(z.object({ code: z.string(), category: z.enum(capCategories), name: localisedSchema })), templates: z.array(alertTemplateSchema),
})
export type AlertOffers = z.infer<typeof alertOffersSchema>

/** A draft as each channel would bring it, were it published now. */
export const alertPreviewSchema = z.object({
  texts: z.array(z.object({
    locale: z.enum(localeCodes), push: z.object({ title: z.string(), body: z.string(), bytes: z.number() }), telegram: z.object({ text: z.string(), buttons: z.array(z.string()) }), mail: z.object({ subject: z.string(), body: z.string() }),
  })),
  cap: z.string().meta({ description: 'CAP 1.2' }), references: z.array(alertReferenceSchema),
})
export type AlertPreview = z.infer<typeof alertPreviewSchema>
