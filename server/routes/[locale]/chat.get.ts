import { getQuery, setResponseHeader, setResponseStatus } from 'h3'
import type { ChatPage } from '#shared/chat/chat-page'
import { definePageData } from '../../http/page-data.ts'
import { chatCookie } from '../../http/chat-cookie.ts'
import { retryAfter, toAppError } from '../../http/to-problem.ts'
import { chatPage, emptyChatPage } from '../../http/web-chat.ts'
import { getServices } from '../../services.ts'

/**
 * What was said so far in this browser. A cookie comes with the first word, not with a look. While the database is away the page
 * says so and still holds what was typed: somebody may have written much before pressing "send".
 */
export default definePageData<ChatPage & { hasEnded: boolean }>({
  keepsTyped: true,
  async load({ event, locale }) {
    const page = await getServices().then(services => chatPage(services, chatCookie.read(event), locale)).catch((thrown: unknown) => {
      const error = toAppError(thrown)
      if (error.code !== 'unavailable') throw error
      setResponseStatus(event, 503)
      setResponseHeader(event, 'retry-after', retryAfter(error) ?? 5)
      return emptyChatPage(locale, { isAway: true, hasBegun: chatCookie.read(event) !== undefined })
    })
    return { ...page, hasEnded: getQuery(event).ended !== undefined && !page.hasBegun }
  },
})
