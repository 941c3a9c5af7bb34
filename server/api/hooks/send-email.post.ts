import { getRequestHeaders } from 'h3'
import { Webhook } from 'standardwebhooks'
import { AppError } from '#shared/errors'
import { sendEmailHookSchema } from '#shared/accounts/send-email-hook'
import { queueSignInMail } from '#server/domain/accounts/queue-sign-in-mail'
import { config } from '../../config.ts'
import { defineApiHandler } from '../../http/api-handler.ts'
import { readText } from '../../http/read-body.ts'
import { getServices } from '../../services.ts'

/** Supabase Auth hands us the mails of the sign-in (RULES F3), signed by the Standard Webhooks scheme. */
export default defineApiHandler({
  async run({ event }) {
    const { sendEmailHookSecret } = config()
    if (!sendEmailHookSecret) throw new AppError('not_found')
    const text = await readText(event, 64 * 1024)
    const webhook = new Webhook(sendEmailHookSecret.replace(/^v1,/, ''))
    let payload: unknown
    try {
      payload = webhook.verify(text, getRequestHeaders(event) as Record<string, string>)
    }
    catch (cause) {
      throw new AppError('forbidden', {}, { cause })
    }
    const mail = sendEmailHookSchema.safeParse(payload)
    if (!mail.success) throw new AppError('malformed')
    await queueSignInMail(await getServices(), mail.data)
    return {}
  },
})
