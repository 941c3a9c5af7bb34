import { z } from 'zod'
import { deskAlertPathSchema, type AlertPreview } from '#shared/alerts/alert-schema'
import { localeCodes } from '#shared/locales'
import { previewAlert } from '#server/domain/alerts/preview-alert'
import { defineDeskHandler } from '#server/http/desk-handler'
import { pushPayload } from '#server/outbox/messages/alerts'
import { writeMail } from '#server/outbox/messages/write-mail'
import { writeAlert } from '#server/outbox/messages/write-telegram'
import { writeCap } from '#server/standards/cap/write-cap'

const shownPush = z.object({ title: z.string(), body: z.string() })

export default defineDeskHandler({
  params: deskAlertPathSchema,
  run: async ({ services, actor, params }): Promise<AlertPreview> => {
    const alert = await previewAlert(services, actor, params.id)
    const { publicUrl } = services.settings
    return {
      texts: localeCodes.map((locale) => {
        const payload = pushPayload(alert, locale, publicUrl)
        const telegram = writeAlert(alert, locale, publicUrl)
        const mail = writeMail({ template: `alerts.${alert.messageType}`, locale, params: {}, reference: null, matters: 1, alert, alertIdentifier: alert.identifier }, { publicUrl })
        return {
          locale, push: { ...shownPush.parse(JSON.parse(payload)), bytes: Buffer.byteLength(payload) }, telegram: { text: telegram.text, buttons: telegram.buttons.map(({ label }) => label) },
          mail: { subject: mail?.subject ?? '', body: mail?.body ?? '' },
        }
      }),
      cap: writeCap(alert, { publicUrl }), references: alert.references,
    }
  },
})
