import { AppError } from '#shared/errors'
import { chatFormSchema } from '#shared/chat/chat-call'
import { endConversation } from '#server/domain/chat/end-conversation'
import { chatCookie } from '../../http/chat-cookie.ts'
import { defineFormAction } from '../../http/form-action.ts'
import { newChatSecret, takeWebTurn } from '../../http/web-chat.ts'
import { getServices } from '../../services.ts'

/** Something typed, a choice, or "end chat". The page comes back with the answer. */
export default defineFormAction({
  fields: chatFormSchema,
  secretFields: ['altcha'],
  async run({ event, input: { text, choice, act, altcha }, idempotencyKey, locale }) {
    const services = await getServices()
    const known = chatCookie.read(event)
    if (act === 'end') {
      if (known) await endConversation(services, known)
      chatCookie.clear(event)
      return `/${locale}/chat?ended`
    }
    if (!text?.trim() && !choice) throw new AppError('invalid', {}, { fields: { text: { key: 'required' } } })
    const secret = known ?? newChatSecret()
    // What was said is part of the key: after "back" the page of before carries its old key, and something else typed into it is another turn.
    const { commands, conversation } = await takeWebTurn(event, services, { secret, turn: choice ? { choice } : { text }, locale, ...(altcha && { altcha }), request: `${idempotencyKey} ${choice ?? text}` })
    if (commands?.some(command => command.do === 'forget')) {
      chatCookie.clear(event)
      return `/${locale}/chat?ended`
    }
    if (!known) chatCookie.write(event, secret)
    return `/${conversation.locale}/chat#latest`
  },
})
