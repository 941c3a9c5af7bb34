import type { z } from 'zod'
import type { sendEmailHookSchema } from '#shared/accounts/send-email-hook'
import { defaultLocale, isLocale, type Locale } from '#shared/locales'
import { queueAccountMail } from '#server/db/outbox'
import type { Services } from '../services.ts'
import { sealText } from '../trust/envelope.ts'

/** Puts the mail with a sign-in code into the outbox: recipient and code are sealed, the text is made when it is sent (RULES H1). */
export async function queueSignInMail({ clients, keys }: Services, { user, email_data: { token, email_action_type: action, redirect_to } }: z.infer<typeof sendEmailHookSchema>): Promise<void> {
  const { id, key } = keys.secret('outbox')
  await queueAccountMail(clients, {
    template: 'accounts.code', locale: languageOf(redirect_to) ?? user.user_metadata?.locale ?? defaultLocale,
    recipient_sealed: sealText(key, user.email, 'outbox:recipient', id),
    params_sealed: sealText(key, JSON.stringify({ code: token, action }), 'outbox:params', id),
  })
}

/** The mail speaks the language of the page that asked for it: `https://…/en/sign-in/code`. */
function languageOf(redirectTo = ''): Locale | undefined {
  const code = URL.canParse(redirectTo) ? new URL(redirectTo).pathname.split('/')[1] : undefined
  return isLocale(code) ? code : undefined
}
