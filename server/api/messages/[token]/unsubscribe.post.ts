import { unsubscribe } from '#server/domain/messages/mail-settings'
import { defineApiHandler } from '#server/http/api-handler'
import { getServices } from '#server/services'
import { tokenPathSchema } from '#shared/messages/mail-settings'

/** What a mail program posts when somebody presses "unsubscribe": no cookies, no sign-in, whatever stands in the body (RFC 8058). */
export default defineApiHandler({
  params: tokenPathSchema,
  run: async ({ params }) => unsubscribe(await getServices(), params.token),
})
