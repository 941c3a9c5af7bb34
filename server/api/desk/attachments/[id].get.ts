import { setResponseHeaders } from 'h3'
import { z } from 'zod'
import { openDeskAttachment } from '#server/domain/reports/open-attachment'
import { defineDeskHandler } from '#server/http/desk-handler'

/** The bytes of a file. Only our own viewing copies may be shown in a page; all else is handed over for saving (RULES G3). */
export default defineDeskHandler({
  params: z.object({ id: z.uuid() }),
  async run({ event, services, actor, params }) {
    const { bytes, mediaType, isView } = await openDeskAttachment(services, actor, params.id)
    setResponseHeaders(event, {
      'content-type': isView ? mediaType : 'application/octet-stream',
      'content-disposition': isView ? 'inline' : 'attachment',
      // Should a browser ever open it as a page of ours, that page may do nothing.
      'content-security-policy': `default-src 'none'; sandbox`,
    })
    return bytes
  },
})
