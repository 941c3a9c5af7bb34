import { attachmentPathSchema } from '#shared/reports/desk-schema'
import { openDeskAttachment } from '#server/domain/reports/open-attachment'
import { defineDeskHandler } from '#server/http/desk-handler'
import { sendFile } from '#server/http/send-file'

/** The bytes of a file; the opening is logged. Only our own viewing copies may be shown in a page; all else is handed over for saving (RULES G3). */
export default defineDeskHandler({
  params: attachmentPathSchema,
  async run({ event, services, actor, params }) {
    const { reference, ...file } = await openDeskAttachment(services, actor, params.id)
    await sendFile(event, { ...file, name: `${reference}-${params.id.slice(0, 8)}` })
  },
})
