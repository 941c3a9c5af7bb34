import { z } from 'zod'
import { discardFile } from '#server/domain/reports/receive-file'
import { defineFormAction } from '../../../../http/form-action.ts'
import { keepDraft, readDraft, stepPath } from '../../../../http/report-step.ts'
import { getServices } from '../../../../http/services.ts'

/** Takes a file out of the draft. */
export default defineFormAction({
  fields: z.object({ file: z.string('required') }),
  async run({ event, input, locale }) {
    const services = await getServices()
    const held = await readDraft(event, services)
    const file = held?.draft.files.find(({ id }) => id === input.file)
    if (held && file) {
      await keepDraft(event, services, { token: held.token, draft: { ...held.draft, files: held.draft.files.filter(each => each !== file) } })
      await discardFile(services, file)
    }
    return stepPath(locale, 'files')
  },
})
