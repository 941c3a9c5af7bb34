import { z } from 'zod'
import type { ClaimedTelegram } from '#server/db/bot'
import type { Services } from '../services.ts'
import { openChat } from './seal-chat.ts'
import { openMessage } from './thread-texts.ts'
import { openHandle, openNotice } from './telegram-handle.ts'
import { wishData } from './tell-by-telegram.ts'

type Sealed = Pick<ClaimedTelegram, 'template' | 'noun_id' | 'reference' | 'recipient_id' | 'recipient_sealed' | 'params_sealed' | 'chat_hash' | 'handle_sealed' | 'reply_sealed' | 'conversation_id'> & { subscription_id?: string | null }

/** `wish`: a button that the message may have, with data that only this chat can use. */
export type Opened = { chatId: number, words?: string, wish?: { kind: 'tell' | 'hush', data: string } } | 'nobody'

/** A report that was filed here, or opened with its receipt. */
const ownReport = z.object({ card: z.object({ kind: z.literal('report'), reference: z.string(), isReporter: z.literal(true) }) })

/**
 * Opens a message by Telegram for whoever sends it: the chat's id, and for what is said in a chat its words. `nobody`: the account was
 * unlinked, or the conversation was forgotten before its answer went out.
 * @throws SealError
 */
export function openTelegram({ keys }: Pick<Services, 'keys'>, message: Sealed): Opened {
  const { template, noun_id: id, reference, recipient_id: account, recipient_sealed: recipient, chat_hash: chatHash, handle_sealed: handle, conversation_id: conversation, reply_sealed: reply, params_sealed: params, subscription_id: subscription } = message
  if (subscription) return handle ? { chatId: openHandle(keys, chatHash, handle) } : 'nobody'
  if (account) return handle ? { chatId: openHandle(keys, chatHash, handle) } : 'nobody'
  if (!recipient) return 'nobody'
  if (template === 'chat.notice') return params ? { chatId: openHandle(keys, chatHash, recipient), words: openNotice(keys, chatHash, params) } : 'nobody'
  if (template === 'chat.closed') return conversation ? { chatId: Number(openChat(keys, conversation, 'handle', recipient)) } : 'nobody'
  if (template === 'chat.staff_reply') return conversation && reply && id ? { chatId: Number(openChat(keys, conversation, 'handle', recipient)), words: openMessage(keys, id, reply) } : 'nobody'
  if (template !== 'chat.reply') return { chatId: openHandle(keys, chatHash, recipient), ...(reference && { wish: { kind: 'hush', data: wishData(keys, 'hush', reference, chatHash) } }) }
  if (!conversation || !reply) return 'nobody'
  const words = openChat(keys, conversation, 'reply', reply)
  const own = ownReport.safeParse(JSON.parse(words)).data?.card
  return { chatId: Number(openChat(keys, conversation, 'handle', recipient)), words, ...(own && { wish: { kind: 'tell', data: wishData(keys, 'tell', own.reference, chatHash) } }) }
}
