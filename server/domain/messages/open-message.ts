import { z } from 'zod'
import type { Locale } from '#shared/locales'
import { aboutReport } from '../reports/report-content.ts'
import type { Services } from '../services.ts'
import { openText } from '../trust/envelope.ts'
import { openHandleOf, openToken, subscriptionLinks } from '../alerts/subscriptions/subscription-token.ts'
import { mailLinks } from './mail-links.ts'

/** A row of the outbox as the database holds it: address and params may be sealed. */
export interface SealedMessage {
  template: string
  noun: string
  noun_id: string | null
  locale: Locale
  recipient_id: string | null
  recipient: string | null
  recipient_sealed: string | null
  params_sealed: string | null
  /** Of a message to somebody who asked for alerts. */
  subscription_id?: string | null
  handle_hash?: string | null
  handle_sealed?: string | null
  token_hash?: string | null
  token_sealed?: string | null
}

const paramsSchema = z.record(z.string(), z.coerce.string())

/**
 * Opens a message for whoever sends it, or for a demo's mailbox: the address, the values of its text, and the recipient's own links. `to` is empty
 * when an account has no address.
 * @throws SealError
 */
export function openMessage(services: Services, { template, noun, noun_id, locale, recipient_id, recipient, recipient_sealed, params_sealed, subscription_id, handle_hash = null, handle_sealed = null, token_hash = null, token_sealed = null }: SealedMessage) {
  const { key } = services.keys.secret('outbox')
  const params = params_sealed ? paramsSchema.parse(JSON.parse(openText(key, params_sealed, 'outbox:params'))) : {}
  if (subscription_id) {
    const sealed = { handle_hash, handle_sealed, token_hash, token_sealed }
    // The question to a letter box has nothing to end yet.
    return { to: openHandleOf(services.keys, sealed), params, ...(template !== 'alerts.confirm' && { links: subscriptionLinks(services.settings, openToken(services.keys, sealed), locale) }) }
  }
  const isReport = noun === 'reports' && noun_id !== null
  // A sealed address belongs to one report, or to one sign-in: that one has no settings.
  const subject = recipient_id ? { kind: 'user', id: recipient_id } as const : isReport ? { kind: 'report', id: noun_id } as const : undefined
  return {
    to: recipient ?? (recipient_sealed ? openText(key, recipient_sealed, isReport ? aboutReport(noun_id, 'notify') : 'outbox:recipient') : ''),
    params,
    ...(subject && { links: mailLinks(services, subject, locale) }),
  }
}
