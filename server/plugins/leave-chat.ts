// "Exit this page" ends the chat of this browser, too.
import { defineNitroPlugin } from 'nitropack/runtime'
import { endConversation } from '#server/domain/chat/end-conversation'
import { chatCookie } from '../http/chat-cookie.ts'
import { getServices } from '../services.ts'

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('linli:exit', async (event) => {
    const secret = chatCookie.read(event)
    chatCookie.clear(event)
    if (secret) await endConversation(await getServices(), secret)
  })
})
