import { openText, sealText } from '../trust/envelope.ts'
import type { KeyRing } from '../trust/key-ring.ts'

/** Where a text of a thread belongs: authenticated with it, so that it opens nowhere else. */
const aboutMessage = (message: string) => `chat-message:${message}`
const aboutWord = (thread: string) => `chat-rating:${thread}`

const seal = ({ secret }: KeyRing, text: string, about: string) => {
  const { key, id } = secret('chat')
  return sealText(key, text, about, id)
}

/** Seals one text of a thread under the portal's key for chats, for its message alone. @param message the id of the message */
export const sealMessage = (keys: KeyRing, message: string, text: string): string => seal(keys, text, aboutMessage(message))
/** @throws SealError */
export const openMessage = ({ secret }: KeyRing, message: string, sealed: string): string => openText(secret('chat').key, sealed, aboutMessage(message))

/** The word that goes with a rating. */
export const sealWord = (keys: KeyRing, thread: string, text: string): string => seal(keys, text, aboutWord(thread))
/** @throws SealError */
export const openWord = ({ secret }: KeyRing, thread: string, sealed: string): string => openText(secret('chat').key, sealed, aboutWord(thread))
