import { z } from 'zod'
import { locales } from '#shared/reports/report-schema'
import { mailLevels } from '#shared/messages/mail-settings'
import { call, type Clients } from './clients.ts'

/** A mail of the sign-in, waiting to be sent; recipient and code are sealed. */
export interface AccountMail { template: 'accounts.code', recipient_sealed: string, params_sealed: string, locale: string }

const queueAccountMailAnswer = z.object({ ok: z.literal(true) })

/** Writes a mail of the sign-in into the outbox. */
export function queueAccountMail({ server }: Clients, mail: AccountMail) {
  return call(server, 'queue_account_mail', { p: { ...mail } }, queueAccountMailAnswer)
}

const claimedMessage = z.object({
  id: z.number(), created_at: z.string(), template: z.string(), noun: z.string(), noun_id: z.uuid().nullable(), locale: z.enum(locales), message_key: z.uuid(), attempts: z.number(),
  recipient_id: z.uuid().nullable(), recipient: z.string().nullable(), recipient_sealed: z.string().nullable(), params_sealed: z.string().nullable(), matters: z.number(), reference: z.string().nullable(), time_zone: z.string().nullable(),
  level: z.enum(mailLevels), quiet_from: z.string(), quiet_to: z.string(),
  /** Of a message to somebody who subscribed to alerts. `alert`: its identifier. */
  subscription_id: z.uuid().nullable(), alert: z.string().nullable(), handle_hash: z.string().nullable(), handle_sealed: z.string().nullable(), token_hash: z.string().nullable(), token_sealed: z.string().nullable(), expires_at: z.string().nullable(),
})
/** A row of the outbox as its worker gets it: still sealed. */
export type ClaimedMessage = z.infer<typeof claimedMessage>

const claim = z.object({ ok: z.literal(true), now: z.string(), messages: z.array(claimedMessage), next_in_seconds: z.coerce.number().nullable() })

/** How an attempt ended; `hold` and `release` were none. */
export interface Settlement {
  id: number
  outcome: 'sent' | 'retry' | 'hold' | 'release' | 'cancelled' | 'dead'
  sent_by?: string
  error?: string
  after_seconds?: number
  until?: string
  forget_params?: boolean
  /** There is nothing any more at that address: the subscription ends. */
  is_gone?: boolean
}

const kept = z.object({ ok: z.literal(true), kept: z.boolean() })

/** What a worker that delivers asks of the database. */
export function outboxQueue({ server }: Clients) {
  return {
    claim: (worker: string, limit: number, leaseSeconds: number, channel: 'email' | 'webpush' = 'email') => call(server, 'claim_outbox', { p: { worker, limit, lease_seconds: leaseSeconds, channel } }, claim),
    settle: (worker: string, settlement: Settlement) => call(server, 'settle_outbox', { p: { worker, ...settlement } }, kept),
  }
}
export type OutboxQueue = ReturnType<typeof outboxQueue>

const purgeOutboxAnswer = z.object({ ok: z.literal(true), removed: z.number(), has_more: z.boolean() })

/** One page of old rows goes, by the terms of `retention_rules`. */
export function purgeOutbox({ server }: Clients, limit: number) {
  return call(server, 'purge_outbox', { p: { limit } }, purgeOutboxAnswer)
}
