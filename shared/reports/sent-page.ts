import type { Confirmation } from './confirmation.ts'

/** What the page after sending shows; nothing once the receipt is saved or its ten minutes are over. */
export type SentPage =
  | { confirmation: null }
  | { confirmation: Omit<Confirmation, 'statement' | 'nonce'>, qr: { size: number, path: string }, now: string, stationPhone: string | null }
