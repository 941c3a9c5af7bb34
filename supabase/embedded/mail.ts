import { AsyncLocalStorage } from 'node:async_hooks'
import { createHmac, randomUUID } from 'node:crypto'
import type { EmailDriver } from '@supabase/lite'
import { z } from 'zod'

/** What Supabase's Send Email hook posts. @see https://supabase.com/docs/guides/auth/auth-hooks/send-email-hook */
export type HookMail = {
  user: { id?: string, email: string, user_metadata?: unknown }
  email_data: { token: string, token_hash: string, redirect_to: string, email_action_type: string, site_url: string }
}

export type MailSender = {
  driver: EmailDriver
  /** Waits for mails on their way. */
  settle: () => Promise<void>
}

const wishedRedirect = new AsyncLocalStorage<string>()

/** Mails sent during `work` lead to this address. lite drops what was asked for; only addresses of the site itself are taken. */
export const withRedirect = <Answer>(redirectTo: string, work: () => Promise<Answer>): Promise<Answer> => wishedRedirect.run(redirectTo, work)

const letterSchema = z.object({ type: z.string(), token: z.string(), tokenHash: z.string(), redirectTo: z.string() })

/**
 * lite's driver is told subject and text only. The subject is a template with lite's own variables, so it carries
 * what the hook needs; nobody ever sees it.
 */
function letter(type: string) {
  return JSON.stringify({ type, token: '{{ .Token }}', tokenHash: '{{ .TokenHash }}', redirectTo: '{{ .RedirectTo }}' })
}

/** For `auth.email.template` of lite's configuration. */
export const letterTemplates = {
  confirmation: { subject: letter('signup') },
  recovery: { subject: letter('recovery') },
  magic_link: { subject: letter('magiclink') },
  email_change: { subject: letter('email_change') },
  invite: { subject: letter('invite') },
}

/** Hands each mail to the portal's hook, signed as Standard Webhooks asks. */
export function createMailSender({ hookUrl, secret, siteUrl, findUser, log }: {
  hookUrl: string
  /** `v1,whsec_` and base64. */
  secret: string
  siteUrl: string
  findUser: (email: string) => Promise<{ id: string, user_metadata: unknown } | undefined>
  /** Gets a sentence without any address. */
  log: (message: string) => void
}): MailSender {
  const onTheirWay = new Set<Promise<void>>()

  async function deliver(mail: HookMail) {
    const user = await findUser(mail.user.email)
    const body = JSON.stringify({ ...mail, user: { ...mail.user, ...user } })
    for (const pauseMs of [0, 500, 2000]) {
      await new Promise(resolve => setTimeout(resolve, pauseMs))
      const answer = await fetch(hookUrl, { method: 'POST', headers: { 'content-type': 'application/json', ...signature(secret, body) }, body, signal: AbortSignal.timeout(5000) })
        .catch(() => undefined)
      if (answer?.ok) return
      // Refused for what it is, not for being busy: the same again would be refused again.
      if (answer && answer.status < 500 && answer.status !== 429) return log(`the portal's mail hook answered ${answer.status}; the mail (${mail.email_data.email_action_type}) is dropped`)
    }
    log(`the portal's mail hook cannot be reached; the mail (${mail.email_data.email_action_type}) is dropped`)
  }

  return {
    driver: {
      // Not awaited: an answer that waits for the mail tells by its time whether an account exists.
      async send({ to, subject, text }) {
        const { type, token, tokenHash, redirectTo } = readLetter(subject, text)
        const wished = wishedRedirect.getStore() ?? ''
        const isOurs = URL.canParse(wished) && new URL(wished).origin === new URL(siteUrl).origin
        const delivery = deliver({ user: { email: to }, email_data: { token, token_hash: tokenHash, redirect_to: isOurs ? wished : redirectTo, email_action_type: type, site_url: siteUrl } })
          .catch(() => log('a mail could not be handed over'))
          .finally(() => onTheirWay.delete(delivery))
        onTheirWay.add(delivery)
      },
    },
    async settle() {
      await Promise.allSettled(onTheirWay)
    },
  }
}

/** Reauthentication has no template in lite: its code stands in the text only. */
function readLetter(subject: string, text: string | undefined): z.infer<typeof letterSchema> {
  try {
    return letterSchema.parse(JSON.parse(subject))
  }
  catch {
    return { type: 'reauthentication', token: /\b\d{6,10}\b/.exec(text ?? '')?.[0] ?? '', tokenHash: '', redirectTo: '' }
  }
}

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
export function signature(secret: string, body: string, id = `msg_${randomUUID()}`, seconds = Math.floor(Date.now() / 1000)) {
  const key = Buffer.from(secret.replace(/^v1,/, '').replace(/^whsec_/, ''), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${mac}` }
}
