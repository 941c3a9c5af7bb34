import { timingSafeEqual } from 'node:crypto'
import { botQueries } from '#server/db/bot'
import type { Services } from '../services.ts'
import type { KeyRing } from '../trust/key-ring.ts'
import { sealHandle } from './telegram-handle.ts'

type Wish = 'tell' | 'hush'

/** How the data of these buttons looks: reference and proof, 37 bytes with `tg.tell:`. */
export const wishPattern = '(LL-[0-9A-Z]{4}-[0-9A-Z]{4}):([A-Za-z0-9_-]{16})'

const proof = (keys: KeyRing, wish: Wish, reference: string, chatHash: string) => keys.mac('chat', `telegram ${wish} ${reference} ${chatHash}`).toString('base64url').slice(0, 16)

/** The data of a button that only this chat can use, for this report: what a client sends back is not to be believed by itself. */
export const wishData = (keys: KeyRing, wish: Wish, reference: string, chatHash: string): string => `${reference}:${proof(keys, wish, reference, chatHash)}`

/** Was this button given to this chat? */
export function isOwnWish(keys: KeyRing, wish: Wish, { reference, given, chatHash }: { reference: string, given: string, chatHash: string }): boolean {
  const expected = Buffer.from(proof(keys, wish, reference, chatHash))
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), expected)
}

/** From now on news of the report come to the chat. @throws AppError not_found, forbidden (the reporter is to be reached in the portal alone) */
export const tellByTelegram = ({ clients, keys }: Services, reference: string, { chatHash, chatId }: { chatHash: string, chatId: number }) => botQueries(clients).follow(reference, chatHash, sealHandle(keys, chatHash, chatId))

/** No more news of it in this chat. */
export const hushTelegram = ({ clients }: Services, reference: string, chatHash: string) => botQueries(clients).unfollow(reference, chatHash)
