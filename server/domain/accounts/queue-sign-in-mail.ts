import { z } from 'zod'
import { queueAccountMail } from '#server/db/outbox'
import type { Services } from '../services.ts'
import { sealText } from '../trust/envelope.ts'

/** What Supabase Auth's Send Email hook tells us. @see https://supabase.com/docs/guides/auth/auth-hooks/send-email-hook */
export const sendEmailHookSchema = z.object({
  user: z.looseObject({ email: z.email(), user_metadata: z.looseObject({ locale: z.enum(['zh', 'en']).optional() }).optional() }),
  email_data: z.looseObject({ token: z.string().regex(/^\d{6,10}$/), email_action_type: z.string() }),
})

/** Puts the mail with a sign-in code into the outbox: recipient and code are sealed, the text is made when it is sent (RULES H1). */
export async function queueSignInMail({ clients, keys }: Services, { user, email_data: { token, email_action_type: action } }: z.infer<typeof sendEmailHookSchema>): Promise<void> {
  const { id, key } = keys.secret('outbox')
  await queueAccountMail(clients, {
    template: 'accounts.code', locale: user.user_metadata?.locale ?? 'zh',
    recipient_sealed: sealText(key, user.email, 'outbox:recipient', id),
    params_sealed: sealText(key, JSON.stringify({ code: token, action }), 'outbox:params', id),
  })
}
