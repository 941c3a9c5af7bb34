import { z } from 'zod'
import { choices } from '../forms/fields.ts'
import { localeCodes } from '../locales.ts'

export const emailSchema = z.string({ error: 'required' }).trim().toLowerCase().min(1, 'required').max(254, 'textMax').pipe(z.email('email'))

/** Long enough to be safe, no rules of composition (ASVS 6.2); 72 bytes is what Supabase Auth takes (bcrypt). */
export const passwordLimits = { min: 12, maxBytes: 72 } as const
export const newPasswordSchema = z.string({ error: 'required' }).min(1, 'required').min(passwordLimits.min, 'textMin')
  .refine(text => new TextEncoder().encode(text).length <= passwordLimits.maxBytes, 'accounts.errors.passwordLong')
/** Sign-in takes whatever was set. */
const givenPassword = z.string({ error: 'required' }).max(200, 'textMax')

/** Six digits, also full-width ones and with blanks between. */
export const codeSchema = z.string({ error: 'required' }).transform(text => text.normalize('NFKC').replace(/\D/g, '')).pipe(z.string().length(6, 'accounts.errors.codeLength'))

/** `POST /api/session` */
export const signInSchema = z.object({ email: emailSchema, password: givenPassword.min(1, 'required') })

const next = z.string().optional()
const community = z.string().max(60).optional().transform(slug => slug || undefined)

/** The sign-in page: with a password, or without one by a mailed code. */
export const signInFormSchema = z.object({ email: emailSchema, password: givenPassword.optional(), next })

/** `agree`: the ticks, each with the version that was shown (`tickOf`). */
export const signUpFormSchema = z.object({ email: emailSchema, community, next, agree: choices(z.string().max(60)) })

/** The code, or the wish for another one: then the code may stay empty. */
export const codeFormSchema = z.object({ again: z.literal('1').optional(), code: z.string().max(100, 'accounts.errors.codeLength').default('') })
  .transform(({ again, code }, context) => {
    if (again) return { again: true } as const
    const parsed = codeSchema.safeParse(code)
    if (parsed.success) return { again: false, code: parsed.data } as const
    context.addIssue({ code: 'custom', message: 'accounts.errors.codeLength', path: ['code'] })
    return z.NEVER
  })

export const profileFormSchema = z.object({ community, language: z.enum(localeCodes, 'choose') })

export const passwordFormSchema = z.object({ current: givenPassword.optional(), password: newPasswordSchema, next })

export const eraseFormSchema = z.object({ sure: z.literal('yes', 'accounts.errors.sure') })
