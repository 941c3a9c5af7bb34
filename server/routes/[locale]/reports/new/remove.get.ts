import { getQuery } from 'h3'
import { z } from 'zod'
import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { readDraft, stepPath } from '../../../../http/report-step.ts'
import { getServices } from '../../../../http/services.ts'

export default definePageData({
  async load({ event, locale }) {
    const id = z.string().catch('').parse(getQuery(event).file ?? event.context.form?.values.file)
    const file = (await readDraft(event, await getServices()))?.draft.files.find(each => each.id === id)
    return file ? { id, mediaType: file.mediaType, sizeBytes: file.sizeBytes } : new Redirect(stepPath(locale, 'files'))
  },
})
