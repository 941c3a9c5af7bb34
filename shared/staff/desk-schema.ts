import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { locales } from '../reports/report-schema.ts'
import { parseReference } from '../reports/receipt.ts'

/* What goes in and out of the desk's calls about itself: who I am, colleagues, templates, the log, bans, the demo mailbox. */

const instant = z.string().meta({ format: 'date-time' })

/** Ranks in rising order, then the two that stand beside them. */
export const staffRoles = ['officer', 'lead', 'chief', 'auditor', 'admin'] as const
export type StaffRole = typeof staffRoles[number]

/** Roles that handle reports. */
export const handlingRoles = ['officer', 'lead', 'chief'] as const satisfies readonly StaffRole[]

export const deskProfileSchema = z.object({
  userId: z.uuid(), role: z.enum(staffRoles), name: localisedSchema, badgeNumber: z.string(), station: localisedSchema, timeZone: z.string(), isDemo: z.boolean(),
  communities: z.array(z.uuid()),
  /** Counting stops at 100. */
  counts: z.object({ unseen: z.number(), mine: z.number(), unverified: z.number(), revisits: z.number(), chats: z.number(), alerts: z.number() }),
})
export type DeskProfile = z.infer<typeof deskProfileSchema>

export const colleagueSchema = z.object({ userId: z.uuid(), role: z.enum(staffRoles), name: localisedSchema, badgeNumber: z.string(), isActive: z.boolean() })
export const colleaguesSchema = z.object({ staff: z.array(colleagueSchema) })
export type Colleague = z.infer<typeof colleagueSchema>

export const banItemSchema = z.object({
  id: z.uuid(), kind: z.enum(['account', 'contact', 'chat']), reason: z.string(), createdBy: localisedSchema.nullable(), createdAt: instant, liftedAt: instant.nullable(),
})
export const bansSchema = z.object({ bans: z.array(banItemSchema) })
export type BanItem = z.infer<typeof banItemSchema>
export const banPathSchema = z.object({ id: z.uuid() })

const emptyAsNone = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(value => value === '' ? undefined : value, schema.optional())

export const auditQuerySchema = z.object({
  action: emptyAsNone(z.string().regex(/^[a-z_]+\.[a-z_]+$/, 'invalid').max(60)),
  actor: emptyAsNone(z.uuid('invalid')),
  reference: emptyAsNone(z.string().max(40).transform((text, context) => {
    const reference = parseReference(text)
    if (reference) return reference
    context.addIssue({ code: 'custom', message: 'invalid' })
    return z.NEVER
  })),
  /** Days in the station's time zone; both count in. */
  from: emptyAsNone(z.iso.date('date')),
  to: emptyAsNone(z.iso.date('date')),
  cursor: emptyAsNone(z.string().regex(/^\d{1,18}$/, 'invalid')),
  limit: z.coerce.number('number').int('number').min(1).max(200).default(50),
})
export type AuditQuery = z.infer<typeof auditQuerySchema>

export const auditEntrySchema = z.object({
  id: z.number(), at: instant, actor: localisedSchema.nullable(), actorRole: z.string(), action: z.string(), reference: z.string().nullable(), details: z.record(z.string(), z.unknown()),
})
export const auditPageSchema = z.object({ timeZone: z.string(), entries: z.array(auditEntrySchema), nextCursor: z.string().nullable() })
export type AuditEntry = z.infer<typeof auditEntrySchema>
export type AuditPage = z.infer<typeof auditPageSchema>

export const demoMailSchema = z.object({
  id: z.number(), createdAt: instant, to: z.string(), locale: z.enum(locales), subject: z.string(), body: z.string(), status: z.string(), sendAfter: instant,
})
export const demoMailsSchema = z.object({ mails: z.array(demoMailSchema) })
export type DemoMail = z.infer<typeof demoMailSchema>
