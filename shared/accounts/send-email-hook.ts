import { z } from 'zod'

/** What Supabase Auth's Send Email hook tells us. @see https://supabase.com/docs/guides/auth/auth-hooks/send-email-hook */
export const sendEmailHookSchema = z.object({
  // Whoever signs up with somebody's address straight at Auth chooses these: what we do not know must not keep the owner's mails away.
  user: z.looseObject({ email: z.email(), user_metadata: z.looseObject({ locale: z.enum(['zh', 'en']).optional().catch(undefined) }).optional().catch(undefined) }),
  email_data: z.looseObject({ token: z.string().regex(/^\d{6,10}$/), email_action_type: z.string(), redirect_to: z.string().optional() }),
})

/** How the hook shows who sends it. @see https://www.standardwebhooks.com */
export const webhookHeadersSchema = z.object({ 'webhook-id': z.string(), 'webhook-timestamp': z.string(), 'webhook-signature': z.string() })

export const hookAnswerSchema = z.strictObject({})
