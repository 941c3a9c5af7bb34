import { encodeReceipt } from '#shared/reports/receipt'
import type { KeyRing } from '../trust/key-ring.ts'

/** The receipt of a send: the first 120 bits of a keyed hash of its idempotency key, so that a repeated send gets the same (RULES C1). */
export function receiptFor(keys: KeyRing, idempotencyKey: string): string {
  return encodeReceipt(keys.mac('receipt', `receipt ${idempotencyKey}`))
}

/** What is kept of a receipt: a keyed hash. 120 random bits need no slow one (ASVS 6.5.2). @param receipt 24 symbols without groups */
export function receiptHash(keys: KeyRing, receipt: string): string {
  return keys.keyedHash('receipt', `lookup ${receipt}`)
}

/** What is kept of the owner of a sealed report. */
export function ownerHash(keys: KeyRing, userId: string): string {
  return keys.keyedHash('index', `owner ${userId}`)
}

/** What is kept of a view session's cookie. */
export function viewTokenHash(keys: KeyRing, token: string): string {
  return keys.keyedHash('index', `view ${token}`)
}

/** What is kept of a banned account. */
export function accountHash(keys: KeyRing, userId: string): string {
  return keys.keyedHash('index', `account ${userId}`)
}

/** What is kept of a banned chat: not the hash by which its conversation is found, so that a ban leads to none. */
export function bannedChatHash(keys: KeyRing, chatHash: string): string {
  return keys.keyedHash('index', `banned chat ${chatHash}`)
}
