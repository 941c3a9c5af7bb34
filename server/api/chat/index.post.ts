import { chatCallSchema } from '#shared/chat/chat-call'
import { AppError } from '#shared/errors'
import { defineApiHandler } from '../../http/api-handler.ts'
import { chatCookie } from '../../http/chat-cookie.ts'
import { isFromOwnPage } from '../../http/same-origin.ts'
import { newChatSecret, takeWebTurn } from '../../http/web-chat.ts'
import { getServices } from '../../services.ts'

/** One turn with the assistant. The same idempotency key answers the same and does nothing twice. */
export default defineApiHandler({
  body: chatCallSchema,
  async run({ event, body: { conversation, locale, idempotencyKey, altcha, ...turn } }) {
    const ofBrowser = conversation === undefined ? chatCookie.read(event) : undefined
    if (ofBrowser !== undefined && !isFromOwnPage(event)) throw new AppError('cross_origin')
    const secret = conversation ?? ofBrowser ?? newChatSecret()
    const { replies, intent, article, confidence } = await takeWebTurn(event, await getServices(), { secret, turn, locale, ...(altcha && { altcha }), ...(idempotencyKey && { request: idempotencyKey }) })
    return { conversation: secret, replies: replies.map(({ once: _, ...reply }) => reply), intent, ...(article && { article }), confidence }
  },
})
