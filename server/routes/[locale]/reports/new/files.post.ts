import { z } from 'zod'
import { AppError } from '#shared/errors'
import { attachmentLimits } from '#shared/reports/attachment'
import { firstMissingStep, mayOpen, stepAfter, type DraftAnswers } from '#shared/reports/draft'
import { countAct } from '#server/domain/accounts/count-act'
import { withoutTyped, type Draft } from '#server/domain/reports/draft'
import { receiveDraftFile, withFile, withoutFile } from '#server/domain/reports/draft-files'
import { discardFile, withoutOriginal } from '#server/domain/reports/receive-file'
import type { DraftFile } from '#server/domain/reports/submit-report'
import { defineFormAction } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { keepDraft, keepTypedStep, lostPath, readDraft, sentPath, stepPath } from '../../../../http/report-step.ts'
import { getServices } from '../../../../services.ts'

const isOpen = ({ sent, answers }: Draft) => !sent && mayOpen('files', answers)

const fields = z.object({ from: z.string().optional(), act: z.enum(['add', 'next']).catch('next'), remove: z.uuid().optional(), keepsOriginal: z.literal('yes').optional() })

/** Adds a file, removes one, or goes on: a file that was chosen is added then too. */
export default defineFormAction<typeof fields, DraftFile | null>({
  fields,
  file: {
    name: 'file', maxBytes: attachmentLimits.bytes + 1,
    /** Null: there is no form in progress any more, so nothing is read. */
    async receive(bytes, _claimed, event) {
      const services = await getServices()
      const held = await readDraft(event, services)
      if (held && isOpen(held.draft)) {
        await countAct(services, limitsFor(event, services, 'report.evidence'))
        return receiveDraftFile(services, held.draft, bytes)
      }
      bytes.resume()
      return null
    },
    discard: async (file) => { if (file) await discardFile(await getServices(), file) },
  },
  /** A file that was chosen when the language was changed is added: the page could not show it again. */
  async keepTyped({ file: received, values, ...facts }) {
    const file = received && !values.keepsOriginal ? await withoutOriginal(await getServices(), received) : received
    return keepTypedStep('files', { ...facts, values }, draft => file && isOpen(draft) ? withFile(draft, file) : draft)
  },
  async run({ event, input, file: received, locale }) {
    const services = await getServices()
    const held = await readDraft(event, services)
    if (!held || !isOpen(held.draft)) {
      if (received) await discardFile(services, received)
      if (!held) return lostPath(locale)
      return held.draft.sent ? sentPath(locale) : stepPath(locale, firstMissingStep(held.draft.answers))
    }
    const keep = (draft: Draft) => keepDraft(event, services, { token: held.token, draft })
    const here = (did: string) => `${stepPath(locale, 'files')}?${did}${input.from === 'check' ? '&from=check' : ''}`

    if (input.remove) {
      await keep(withoutFile(held.draft, input.remove))
      return here('removed')
    }
    if (!received && input.act === 'add') throw new AppError('invalid', {}, { fields: { file: { key: 'reports.files.missing' } } })
    const file = received && !input.keepsOriginal ? await withoutOriginal(services, received) : received
    const draft = file ? withFile(held.draft, file) : held.draft
    if (input.act === 'add') {
      await keep(draft)
      return here('added')
    }
    const answers: DraftAnswers = { ...draft.answers, files: { isDone: true } }
    await keep({ ...withoutTyped(draft, 'files'), answers })
    return stepPath(locale, stepAfter('files', answers, input.from === 'check'))
  },
})
