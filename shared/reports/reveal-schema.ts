import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { referencePathSchema } from './desk-schema.ts'

/* Opening what is sealed (RULES B1, E4, G3): asked with a reason, decided by a second person, over after a day. */

const instant = z.string().meta({ format: 'date-time' })

export const revealKinds = ['identity', 'original'] as const
export const revealStates = ['waiting', 'open', 'expired', 'declined', 'lapsed'] as const

/** `POST /api/desk/reports/{reference}/reveals`; with `attachment` the original of that file, else the identity. */
export const askRevealSchema = z.object({ reason: z.string('required').trim().min(10, 'required').max(500, 'textMax'), attachment: z.uuid('invalid').optional() })
export const revealPathSchema = referencePathSchema.extend({ id: z.uuid() })

export const revealSchema = z.object({
  id: z.uuid(), kind: z.enum(revealKinds), attachment: z.uuid().nullable(), reason: z.string(), askedAt: instant, askedBy: localisedSchema.nullable(), decidedAt: instant.nullable(),
  decidedBy: localisedSchema.nullable(), expiresAt: instant.nullable(), state: z.enum(revealStates), mayDecide: z.boolean(), mayRead: z.boolean(),
})
export type Reveal = z.infer<typeof revealSchema>
export const revealsSchema = z.object({ reveals: z.array(revealSchema) })

/** `POST …/reveals/{id}/identity`: who it was. Each call is logged and shown to the reporter. */
export const identitySchema = z.object({
  expiresAt: instant, name: z.string().optional(), phone: z.string().optional(), email: z.string().optional(), accountEmail: z.string().optional(), safeContact: z.string().optional(),
})
export type Identity = z.infer<typeof identitySchema>
