import { listDemoMails } from '#server/domain/accounts/list-demo-mails'
import { defineApiHandler } from '#server/http/api-handler'
import { getServices } from '#server/services'
import { writeMail } from '#server/outbox/messages/write-mail'

/** Open without sign-in, since a newcomer needs the code that was mailed to them; on any station but a demo one it is not there. */
export default defineApiHandler({
  async run() {
    const services = await getServices()
    const mails = await listDemoMails(services)
    const { publicUrl } = services.settings
    return {
      mails: mails.map(({ id, createdAt, to, locale, status, sendAfter, settings, ...mail }) => ({
        id, createdAt, to, locale, status, sendAfter, subject: mail.template, body: '', ...writeMail({ ...mail, locale }, { publicUrl, ...(settings && { settings }) }),
      })),
    }
  },
})
