import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { trackedRevisitSchema } from '../revisits/tracked-revisit.ts'
import { clockSchema } from './desk-schema.ts'
import { takenSchema } from './intake-schema.ts'
import { emergencyCardSchema } from './emergency-card.ts'
import { answersSchema, contactModes, locationSchema } from './report-schema.ts'
import { closedReasons, statuses } from './status.ts'

/* What the residents' calls below `/api/reports` answer. OpenAPI is made from these, and the tests hold every answer against them. */

const instant = z.string().meta({ format: 'date-time' })
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const referenceText = z.string().regex(/^LL-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)

/** `GET /api/categories`: the service list in one language. */
export const categoryListSchema = z.array(z.strictObject({
  code: z.string(), name: z.string(), group: z.string(), visibility: z.enum(['public', 'private']), urgency: z.enum(['normal', 'urgent']),
  description: z.string(), guidance: z.string(),
  questions: z.array(z.strictObject({
    code: z.string(), kind: z.enum(['text', 'number', 'single', 'multi', 'officer']), label: z.string(), hint: z.string().nullable(), isRequired: z.boolean(),
    options: z.array(z.strictObject({ code: z.string(), label: z.string() })),
  })),
}))

/** What the station signs (RULES C3); `server/domain/trust/statement.ts` says what each part covers. */
export const statementSchema = z.strictObject({
  version: z.literal(1), number: z.int().min(1), reference: referenceText, receivedAt: instant, contentHash: sha256, attachments: z.array(sha256),
  previous: sha256.nullable(), keyId: z.string(), signature: z.string(),
})

/** `POST /api/reports` */
export const submittedSchema = z.strictObject({
  reference: referenceText,
  receipt: z.string().regex(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/).meta({ description: 'Secret, shown once: 24 Crockford base 32 symbols in groups of four. With the reference it opens the report.' }),
  statement: statementSchema,
  nonce: z.string().regex(/^[0-9a-f]{64}$/).meta({ description: 'Goes with the statement: contentHash is SHA-256(nonce ‖ canonical JSON of the content).' }),
  clock: z.array(clockSchema.strict()),
  emergency: emergencyCardSchema.optional(),
  nobodyOnDuty: z.literal(true).optional().meta({ description: 'An urgent report came in while nobody is on duty: say so beside the emergency number.' }),
})

const trackedAttachment = z.strictObject({ id: z.uuid(), at: instant, author: z.enum(['reporter', 'staff']), type: z.string(), size: z.int(), sha256, hasView: z.boolean() })
const localised = localisedSchema.strict()

/** `GET /api/reports/{reference}`; a follower of a public report gets its states only. */
export const trackedReportSchema = z.strictObject({
  reference: referenceText, viewer: z.enum(['reporter', 'follower']), status: z.enum(statuses), closedReason: z.enum(closedReasons).nullable(),
  category: z.string(), urgency: z.enum(['normal', 'urgent']), contactMode: z.enum(contactModes), community: localised.nullable(), grid: localised.nullable(),
  taken: takenSchema.nullable(),
  timeZone: z.string(), receivedAt: instant, updatedAt: instant, now: instant, mergedInto: z.string().nullable(),
  content: z.strictObject({
    description: z.string(), address: z.string().optional(), location: locationSchema.strict().optional(), occurredText: z.string().optional(), answers: answersSchema, alert: z.string().optional(),
  }).nullable(),
  timeline: z.array(z.strictObject({
    at: instant, kind: z.string(), status: z.enum(statuses).nullable(), closedReason: z.enum(closedReasons).nullable(), by: z.enum(['reporter', 'staff']), text: z.string().nullable(),
  })),
  messages: z.array(z.strictObject({ id: z.uuid(), at: instant, author: z.enum(['reporter', 'staff']), text: z.string(), attachments: z.array(trackedAttachment) })),
  attachments: z.array(trackedAttachment),
  clock: z.array(clockSchema.strict()),
  revisitBy: instant.nullable().meta({ description: 'By when somebody comes back if the report is taken on; null once there is an answer, and when it is late.' }),
  isByLetter: z.boolean().meta({ description: 'Nobody calls or visits: coming back means a letter in `messages`.' }),
  waitsApart: z.boolean().meta({ description: 'It was sent without the automatic check and is read after the others; never so for urgent ones.' }),
  access: z.array(z.strictObject({ at: instant, role: z.string(), action: z.string(), purpose: z.string().nullable(), reason: z.string().nullable(), approvedBy: z.string().nullable() })),
  revisits: z.array(trackedRevisitSchema).meta({ description: 'The steps of the ladder, oldest first; empty before the report is accepted.' }),
  statement: statementSchema.nullable(),
})

/** `POST /api/desk/reports/intake/look-up`: as its reporter sees it, and whether it is on the desk of whoever looks. */
export const lookedUpSchema = trackedReportSchema.extend({ mayOpen: z.boolean() })
export type LookedUp = z.infer<typeof lookedUpSchema>

/** `POST /api/reports/{reference}/messages` */
export const keptMessageSchema = z.strictObject({ id: z.uuid(), at: instant, emergency: emergencyCardSchema.optional() })

/** `POST /api/reports/{reference}/attachments` */
export const addedEvidenceSchema = z.strictObject({ id: z.uuid(), type: z.string(), size: z.int(), sha256, statement: statementSchema })

const pathSchema = z.array(z.strictObject({ side: z.enum(['left', 'right']), hash: sha256 }))
const signedSchema = { keyId: z.string(), signature: z.string() }

/** `GET /api/reports/{reference}/proof`: what scripts/verify-receipt.mjs checks. */
export const wholeReceiptSchema = z.strictObject({
  statement: statementSchema, nonce: sha256.nullable(), content: trackedReportSchema.shape.content,
  proof: z.strictObject({
    leaf: z.strictObject({ source: z.literal('report_contents'), row: referenceText, version: z.int(), at: instant }),
    block: z.strictObject({
      version: z.literal(1), kind: z.literal('block'), number: z.int(), sealedAt: instant, day: z.iso.date(), previous: sha256.nullable(), root: sha256, leaves: z.int(), logUntil: z.int(), ...signedSchema,
    }),
    path: pathSchema,
    root: z.strictObject({
      version: z.literal(1), kind: z.literal('root'), day: z.iso.date(), root: sha256, previous: sha256.nullable(), firstBlock: z.int(), lastBlock: z.int(), publishedAt: instant, ...signedSchema,
    }).nullable(),
    rootPath: pathSchema.nullable(),
  }).nullable(),
})
