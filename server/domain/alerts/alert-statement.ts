import { createHash } from 'node:crypto'
import { alertContentSchema, type AlertContent, type AlertStatement, type PublishedAlert } from '#shared/alerts/published-alert'
import { canonicalJson } from '../trust/canonical-json.ts'
import type { KeyRing } from '../trust/key-ring.ts'
import { isSignedByUs, signFacts } from '../trust/statement.ts'

/** Signs what a message says, with the key of its time. */
export function signAlert(keys: KeyRing, content: AlertContent): AlertStatement {
  const { identifier, sent, references } = content
  return signFacts(keys, { version: 1 as const, type: 'alert' as const, identifier, sent, contentHash: contentHashOf(content), references }, sent).signed
}

/** Did this station sign exactly that? Anybody can ask the same with the message's JSON and `/verify/keys.json`. */
export function isGenuineAlert(keys: Pick<KeyRing, 'signingKeys'>, alert: PublishedAlert): boolean {
  const { statement } = alert
  return statement.identifier === alert.identifier && statement.sent === alert.sent && statement.contentHash === contentHashOf(alert) && isSignedByUs(keys, statement, statement.sent)
}

/** SHA-256 of the canonical JSON of the content, hex: without what is only said about the message, as its state and its statement. */
export function contentHashOf(alert: AlertContent): string {
  return createHash('sha256').update(canonicalJson(alertContentSchema.strip().parse(alert))).digest('hex')
}
