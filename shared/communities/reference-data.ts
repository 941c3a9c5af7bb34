import { z } from 'zod'
import { emergencyNumbersSchema } from '../reports/emergency-numbers.ts'

/** A text in every language of the portal. */
export const localisedSchema = z.object({ zh: z.string(), en: z.string() })
export type Localised = z.infer<typeof localisedSchema>

/** GeoJSON (RFC 7946) areas; positions are [longitude, latitude]. */
const position = z.tuple([z.number(), z.number()]).rest(z.number())
export const areaSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
])
export type Area = z.infer<typeof areaSchema>

export const gridSchema = z.object({ id: z.uuid(), code: z.string(), name: localisedSchema, boundary: areaSchema, lat: z.number(), lng: z.number() })
export type Grid = z.infer<typeof gridSchema>

export const officerSchema = z.object({ id: z.uuid(), name: localisedSchema, badge_number: z.string(), kind: z.enum(['officer', 'stand_in']) })

export const communitySchema = z.object({
  id: z.uuid(), slug: z.string(), name: localisedSchema, boundary: areaSchema, grids: z.array(gridSchema),
  map: z.unknown().optional(),
  office: z.object({ name: localisedSchema, address: localisedSchema, phone: z.string(), reception_hours: localisedSchema, lat: z.number().nullable(), lng: z.number().nullable() }).nullable(),
  officers: z.array(officerSchema),
})
export type Community = z.infer<typeof communitySchema>

export const questionSchema = z.object({
  code: z.string(), kind: z.enum(['text', 'number', 'single', 'multi', 'officer']), label: localisedSchema, hint: localisedSchema.nullable(),
  options: z.array(z.object({ code: z.string(), label: localisedSchema })), is_required: z.boolean(),
})
export type Question = z.infer<typeof questionSchema>

/** What a question said until then: whoever answered it before was asked this. */
export const questionVersionSchema = z.object({ code: z.string(), until: z.string(), kind: questionSchema.shape.kind, label: localisedSchema, options: questionSchema.shape.options })
export type QuestionVersion = z.infer<typeof questionVersionSchema>

export const categorySchema = z.object({
  code: z.string(), group: z.string(), visibility: z.enum(['public', 'private']), urgency: z.enum(['normal', 'urgent']), name: localisedSchema,
  description: localisedSchema, guidance: localisedSchema, is_about_police: z.boolean(), allows_device_draft: z.boolean(), retention_days: z.number(), questions: z.array(questionSchema),
  /** Earlier words of questions, oldest first; of those no longer asked, too. */
  versions: z.array(questionVersionSchema),
})
export type Category = z.infer<typeof categorySchema>

/** What every page starts with: the answer of `get_reference_data()`. */
export const referenceDataSchema = z.object({
  station: z.object({ id: z.uuid(), slug: z.string(), name: localisedSchema, phone: z.string().nullable(), address: localisedSchema.nullable(), time_zone: z.string(), emergency_numbers: emergencyNumbersSchema.nullable() }).nullable(),
  communities: z.array(communitySchema),
  categories: z.array(categorySchema),
  /** What is no longer offered, for the names in what was filed before. */
  former: z.object({
    categories: z.array(categorySchema),
    communities: z.array(z.object({ id: z.uuid(), slug: z.string(), name: localisedSchema })),
    grids: z.array(z.object({ id: z.uuid(), community_id: z.uuid(), code: z.string(), name: localisedSchema })),
  }),
  is_demo: z.boolean(),
  now: z.string(),
})
export type ReferenceData = z.infer<typeof referenceDataSchema>
