import { z } from 'zod'

/** Longest texts, in UTF-16 units: a page of description is about 2,000. */
export const textLimits = { description: 20_000, address: 500, message: 10_000, answer: 1_000, name: 100, summary: 2_000 } as const

const required = 'required'
const tooLong = 'textMax'

export const contactModes = ['anonymous', 'sealed', 'named'] as const
export type ContactMode = typeof contactModes[number]

export const locales = ['zh', 'en'] as const

/** A phone number as people write it: digits, spaces, +, -, brackets. */
const phone = z.string().trim().max(40, tooLong).regex(/^[+()\d\s-]{5,40}$/, 'phone')
const optional = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(value => value === '' || value === null ? undefined : value, schema.optional())

export const contactSchema = z.object({
  mode: z.enum(contactModes, 'choose'),
  name: optional(z.string().trim().max(textLimits.name, tooLong)),
  phone: optional(phone),
  email: optional(z.string().trim().max(254, tooLong).pipe(z.email('email'))),
  /** "How and when is it safe to reach you?" (RULES D3) */
  safeContact: optional(z.string().trim().max(textLimits.answer, tooLong)),
  /** Answer in the portal only: no call, no visit, no mail (RULES D3). */
  portalOnly: z.boolean().optional(),
})

export const locationSchema = z.object({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) })

/** Answers to a category's own questions; checked against the questions in the use case. */
export const answersSchema = z.record(z.string().max(60), z.union([z.string().max(textLimits.answer, tooLong), z.array(z.string().max(100)).max(30)]))

/** What a report says, whichever way it comes (page, API, bot). `POST /api/reports` adds `altcha`. */
export const reportInputSchema = z.object({
  category: z.string({ error: required }).max(60),
  community: optional(z.string().max(60)),
  grid: optional(z.string().max(60)),
  location: optional(locationSchema),
  address: optional(z.string().trim().max(textLimits.address, tooLong)),
  occurredAt: optional(z.iso.datetime({ offset: true, error: 'date' })),
  occurredText: optional(z.string().trim().max(textLimits.answer, tooLong)),
  description: z.string({ error: required }).trim().min(1, required).max(textLimits.description, tooLong),
  answers: answersSchema.default({}),
  alert: optional(z.string().max(60)).meta({ description: 'Identifier or short code of the alert that somebody knows something about; an unknown one is left out' }),
  contact: contactSchema,
  locale: z.enum(locales),
})
export type ReportInput = z.infer<typeof reportInputSchema>

/** RULES C1: a UUID will do; anything shorter than 22 characters cannot be random enough. */
export const idempotencyKeySchema = z.string().min(22, 'textMin').max(200, tooLong)

export const createReportSchema = reportInputSchema.extend({
  altcha: z.string({ error: required }).max(8_000, tooLong),
  idempotencyKey: idempotencyKeySchema.optional(),
})

export const messageSchema = z.object({ text: z.string({ error: required }).trim().min(1, required).max(textLimits.message, tooLong) })

/** `POST /api/reports/{reference}/messages`. `id`: a random UUID of the sender, so that a repeated send adds nothing. */
export const sendMessageSchema = messageSchema.extend({ id: z.uuid('invalid').optional() })

/** A report's address. Whatever stands there is looked up: what cannot be a reference is refused like an unknown one. */
export const reportPathSchema = z.object({ reference: z.string() })

/** One file of a report. */
export const reportFilePathSchema = reportPathSchema.extend({ id: z.uuid() })

/** How a reporter without an account comes to a report (RULES C2): never in an address. */
export const receiptHeaderSchema = z.object({ 'x-receipt': z.string().optional() })

/** `GET /api/categories` */
export const categoriesQuerySchema = z.object({ locale: z.enum(locales, 'choose').optional() })
