import { findCategory, getReferenceData } from '#server/domain/communities/get-reference-data'
import { definePageData } from '../../../../http/page-data.ts'
import { readDraft } from '../../../../http/report-step.ts'
import { getServices } from '../../../../services.ts'
import { firstMissingStep } from '#shared/reports/draft'

/** "Is anyone in danger now?", and the way back into a form that was left. */
export default definePageData({
  async load({ event }) {
    const services = await getServices()
    const answers = (await readDraft(event, services))?.draft.answers ?? {}
    const category = answers.category ? findCategory(await getReferenceData(services), answers.category) : undefined
    // What concerns violence at home or children is not mentioned to whoever sits down at the device next.
    return { resumeAt: category?.allows_device_draft ? firstMissingStep(answers) : null }
  },
})
