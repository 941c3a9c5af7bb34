import { z } from 'zod'
import { AppError } from '#shared/errors'
import { attachmentLimits } from '#shared/reports/attachment'
import { firstMissingStep, mayOpen, stepAfter } from '#shared/reports/draft'
import { countAct } from '#server/domain/accounts/count-act'
import { newDraft, waitingFile } from '#server/domain/reports/draft'
import { discardFile, receiveFile } from '#server/domain/reports/receive-file'
import { defineFormAction } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { keepDraft, readDraft, sentPath, stepPath } from '../../../../http/report-step.ts'
import { getServices } from '../../../../http/services.ts'

/** Adds a file to the draft, or goes on. The original of a picture stays only where it was ticked: the default is no (RULES G3). */
export default defineFormAction({
  fields: z.object({ from: z.string().optional(), act: z.enum(['add', 'next']).catch('next'), keep: z.literal('yes').optional() }),
  file: {
    name: 'file', maxBytes: attachmentLimits.bytes + 1,
    async receive(bytes, _claimed, event) {
      const services = await getServices()
      await countAct(services, limitsFor(event, services, 'report.evidence'))
      return receiveFile(services, bytes, { keepsOriginal: true })
    },
    discard: async file => discardFile(await getServices(), file),
  },
  async run({ event, input, file, locale }) {
    const services = await getServices()
    const held = await readDraft(event, services) ?? newDraft()
    const { draft, token } = held
    const { answers, files } = draft
    const isOpen = !draft.sent && mayOpen('files', answers)
    if (!isOpen) {
      if (file) await discardFile(services, file)
      return draft.sent ? sentPath(locale) : stepPath(locale, firstMissingStep(answers))
    }
    if (!file && input.act === 'add') throw new AppError('invalid', {}, { fields: { file: { key: 'reports.files.missing' } } })
    const totalBytes = [...files, ...file ? [file] : []].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    if (file && (files.length >= attachmentLimits.count || totalBytes > attachmentLimits.totalBytes)) throw new AppError('invalid', {}, { fields: { file: { key: 'reports.files.tooMany' } } })

    const kept = file && input.keep !== 'yes' && file.viewBlob && file.originalBlob ? { ...file, originalBlob: null } : file
    const next = { ...answers, ...(input.act === 'next' && { files: { isDone: true as const } }) }
    await keepDraft(event, services, { token, draft: { ...draft, answers: next, files: kept ? [...files, waitingFile(kept)] : files } })
    if (file?.originalBlob && kept?.originalBlob === null) await services.blobs.remove(file.originalBlob)
    if (input.act === 'add') return `${stepPath(locale, 'files')}?added${input.from === 'check' ? '&from=check' : ''}`
    return stepPath(locale, stepAfter('files', next, input.from === 'check'))
  },
})
