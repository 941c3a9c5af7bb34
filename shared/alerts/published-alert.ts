import { z } from 'zod'
import { areaSchema, localisedSchema } from '../communities/reference-data.ts'
import { alertColours, alertKinds, alertTextLimits, areaKinds, capCategories, certainties, messageTypes, severities, urgencies } from './alert-words.ts'

/** ISO 8601 in UTC to the second, as in `2026-11-25T08:00:00Z`: CAP knows no parts of seconds. */
const instant = z.string().meta({ format: 'date-time' })

/** GeoJSON (positions are [longitude, latitude]), or a circle, which GeoJSON lacks. */
export const circleSchema = z.object({ type: z.literal('Circle'), center: z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]), radiusMeters: z.number().min(20).max(20_000) })
export type Circle = z.infer<typeof circleSchema>
export const alertShapeSchema = z.union([areaSchema, circleSchema])
export type AlertShape = z.infer<typeof alertShapeSchema>

/** `shape` is always there: of a community, a grid or the station it is the boundary at publication. */
export const alertAreaSchema = z.object({ kind: z.enum(areaKinds), label: localisedSchema, community: z.string().nullable(), grid: z.string().nullable(), shape: alertShapeSchema })
  .meta({ description: '`community` is a slug, `grid` a code; both null where something was drawn' })

export const alertTextSchema = z.object({
  headline: z.string().min(alertTextLimits.headline.least).max(alertTextLimits.headline.most),
  description: z.string().min(alertTextLimits.description.least).max(alertTextLimits.description.most),
  instruction: z.string().min(1).max(alertTextLimits.instruction).nullable(),
})
export type AlertText = z.infer<typeof alertTextSchema>

/** An earlier message of the same chain. */
export const alertReferenceSchema = z.object({ identifier: z.string(), sent: instant })
export type AlertReference = z.infer<typeof alertReferenceSchema>

/** Ed25519 over the canonical JSON of all other fields; `contentHash` is the SHA-256 of the canonical JSON of the alert's content, hex. */
export const alertStatementSchema = z.object({
  version: z.literal(1), type: z.literal('alert'), identifier: z.string(), sent: instant, contentHash: z.string(), references: z.array(alertReferenceSchema), keyId: z.string(), signature: z.string(),
})
export type AlertStatement = z.infer<typeof alertStatementSchema>

/** What a message says; it never changes after publication and is what the statement signs. */
export const alertContentSchema = z.object({
  identifier: z.string().meta({ description: '`LLA-XXXX-XXXX`; its last eight characters are the short code' }),
  /** `issuerCode`: the station's 14 digits of GB/T 35965.1, null where it was not given any. */
  sender: z.object({ slug: z.string(), name: localisedSchema, issuerCode: z.string().regex(/^\d{14}$/).nullable() }),
  sent: instant,
  messageType: z.enum(messageTypes),
  isExercise: z.boolean(),
  kind: z.enum(alertKinds),
  /** There exactly where `kind` is `warning`. */
  colour: z.enum(alertColours).nullable(),
  event: z.object({ code: z.string(), category: z.enum(capCategories), name: localisedSchema }),
  urgency: z.enum(urgencies), severity: z.enum(severities), certainty: z.enum(certainties),
  onset: instant.nullable(),
  expires: instant,
  /** All messages of the chain that still counted when this one was published; empty for a first one. */
  references: z.array(alertReferenceSchema),
  /** `zh` is always there. */
  texts: z.object({ zh: alertTextSchema, en: alertTextSchema.optional() }),
  areas: z.array(alertAreaSchema).min(1),
  web: z.url().nullable(),
  contact: z.string().nullable(),
})
export type AlertContent = z.infer<typeof alertContentSchema>

/** A published message: all that a page, a feed or a translator needs. */
export const publishedAlertSchema = alertContentSchema.extend({
  /** What all messages about one matter share: the identifier of the first one. */
  chain: z.string(),
  /** When that first one was sent: GB/T 35965.1 references name it alone, by its time. */
  chainSent: instant,
  /** The solved notice's warning, whose audience gets the notice. */
  follows: z.string().nullable(),
  /** The later message of the chain that ended this one. */
  endedBy: alertReferenceSchema.extend({ messageType: z.enum(messageTypes) }).nullable(),
  /** What the areas touch. */
  communityIds: z.array(z.uuid()), gridIds: z.array(z.uuid()),
  statement: alertStatementSchema,
})
export type PublishedAlert = z.infer<typeof publishedAlertSchema>
