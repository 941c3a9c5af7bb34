import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { parsePaperCode } from '../accounts/verification.ts'
import { browserNames, systemNames } from '../accounts/sessions.ts'
import { staffRoles } from './desk-schema.ts'

const instant = z.string().meta({ format: 'date-time' })

/** How far a session of staff is: open; no second factor yet; not shown in this session; idle for a quarter of an hour. After 12 hours it ends. */
export const deskSessionStates = ['open', 'enrol', 'verify', 'locked'] as const

export const deskSessionSchema = z.object({
  state: z.enum(deskSessionStates),
  /** Made by the demo: no second factor, no lock. */
  isExempt: z.boolean(),
  hasFactor: z.boolean(),
  codesLeft: z.number().int(),
  /** May change device or codes without another code: one was right in the last five minutes. */
  isProved: z.boolean(),
  now: instant,
  locksAt: instant.nullable(),
  endsAt: instant.nullable(),
})
export type DeskSession = z.infer<typeof deskSessionSchema>

/** Six digits of the authenticator, or a recovery code of twelve letters and digits; with blanks, dashes or full-width digits too. */
export const secondCodeSchema = z.string({ error: 'required' }).max(60, 'staff.errors.code').transform((text, context): { totp: string } | { recovery: string } => {
  const digits = text.normalize('NFKC').replace(/[\s-]/g, '')
  if (/^\d{6}$/.test(digits)) return { totp: digits }
  const recovery = parsePaperCode(text.normalize('NFKC'))
  if (recovery) return { recovery }
  context.addIssue({ code: 'custom', message: text.trim() ? 'staff.errors.code' : 'required' })
  return z.NEVER
})
export type SecondCode = z.infer<typeof secondCodeSchema>

export const verifyCodeSchema = z.object({ code: secondCodeSchema })
/** The first code of a new device: never a recovery code. */
export const confirmFactorSchema = z.object({ code: secondCodeSchema.pipe(z.object({ totp: z.string('staff.errors.code') })).transform(({ totp }) => totp) })

/** Shown once: the secret as text for typing, as `otpauth://` for a tap on the phone itself, and as a QR code. */
export const newFactorSchema = z.object({ secret: z.string(), address: z.string(), qr: z.object({ size: z.number(), path: z.string() }) })
export type NewFactor = z.infer<typeof newFactorSchema>

/** Shown once, in groups of four. */
export const recoveryCodesSchema = z.object({ codes: z.array(z.string()) })

const sessionItemSchema = z.object({
  id: z.uuid(), userId: z.uuid(), name: localisedSchema, role: z.enum(staffRoles), isThis: z.boolean(), isOwn: z.boolean(), startedAt: instant, seenAt: instant.nullable(),
  browser: z.enum(browserNames).nullable(), system: z.enum(systemNames).nullable(), state: z.enum([...deskSessionStates, 'ended']),
})
export type StaffSession = z.infer<typeof sessionItemSchema>
export const staffSessionsSchema = z.object({
  now: instant,
  sessions: z.array(sessionItemSchema),
})
export type StaffSessions = z.infer<typeof staffSessionsSchema>

/** One session, or all of one person. */
export const endStaffSessionsSchema = z.union([z.strictObject({ session: z.uuid() }), z.strictObject({ person: z.uuid() })], 'choose')
