import { listDemoMails } from '#server/domain/accounts/list-demo-mails'
import { defineApiHandler } from '#server/http/api-handler'
import { getServices } from '#server/services'
import { writeMail } from '#server/outbox/messages/write-mail'

/** Open without sign-in, since a newcomer needs the code that was mailed to them; on any station but a demo one it is not there. */
export default defineApiHandler({
  async run() {
    const services = await getServices()
    const mails = await listDemoMails(services)
    return {
      mails: mails.map(({ id, createdAt, to, locale, status, ...mail }) => ({ id, createdAt, to, locale, status, ...writeMail({ ...mail, locale }, services.settings.publicUrl) })),
    }
  },
})
