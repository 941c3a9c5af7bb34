import { z } from 'zod'
import { call, type Clients } from './clients.ts'

/** A mail of the sign-in, waiting to be sent; recipient and code are sealed. */
export interface AccountMail { template: 'accounts.code', recipient_sealed: string, params_sealed: string, locale: string }

/** Writes a mail of the sign-in into the outbox. */
export function queueAccountMail({ server }: Clients, mail: AccountMail) {
  return call(server, 'queue_account_mail', { p: { ...mail } }, z.object({ ok: z.literal(true) }))
}
