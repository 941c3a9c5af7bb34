import { revealPathSchema } from '#shared/reports/reveal-schema'
import { openOriginal } from '#server/domain/reports/reveal-sealed'
import { defineDeskHandler } from '#server/http/desk-handler'
import { sendFile } from '#server/http/send-file'

/** The original of a picture, for saving; the opening is logged (RULES G3). */
export default defineDeskHandler({
  params: revealPathSchema,
  async run({ event, services, actor, params }) {
    const { reference, ...file } = await openOriginal(services, actor, params.reference, params.id)
    await sendFile(event, { ...file, name: `${reference}-${params.id.slice(0, 8)}` })
  },
})
