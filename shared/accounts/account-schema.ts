import { z } from 'zod'

export const emailSchema = z.string({ error: 'required' }).trim().toLowerCase().min(1, 'required').max(254, 'textMax').pipe(z.email('email'))

/** Long enough to be safe, no rules of composition (ASVS 6.2): sign-in takes whatever was set. */
export const passwordLimits = { min: 12, max: 200 } as const
export const newPasswordSchema = z.string({ error: 'required' }).min(passwordLimits.min, 'textMin').max(passwordLimits.max, 'textMax')
export const codeSchema = z.string({ error: 'required' }).transform(text => text.normalize('NFKC').replace(/\D/g, '')).pipe(z.string().length(6, 'accounts.errors.codeLength'))

/** `POST /api/session` */
export const signInSchema = z.object({ email: emailSchema, password: z.string({ error: 'required' }).min(1, 'required').max(passwordLimits.max, 'textMax') })
