import { aboutAlert, alertOfTip } from '#server/domain/alerts/tip-about'
import { findCategory, getReferenceData } from '#server/domain/communities/get-reference-data'
import { definePageData } from '../../../../http/page-data.ts'
import { readDraft } from '../../../../http/report-step.ts'
import { getServices } from '../../../../services.ts'
import { firstMissingStep } from '#shared/reports/draft'

/** "Is anyone in danger now?", and the way back into a form that was left. */
export default definePageData({
  async load({ event, locale }) {
    const services = await getServices()
    const answers = (await readDraft(event, services))?.draft.answers ?? {}
    const category = answers.category ? findCategory(await getReferenceData(services), answers.category) : undefined
    // What concerns violence at home or children is not mentioned to whoever sits down at the device next.
    // What the form is about stands in the address (somebody tapped "I know something"), or in the form that comes back.
    const asked = new URLSearchParams(event.path.split('?')[1]).get('alert') ?? event.context.form?.values.alert
    const alert = await alertOfTip(services, typeof asked === 'string' ? asked : undefined)
    return { resumeAt: category?.allows_device_draft ? firstMissingStep(answers) : null, about: alert ? aboutAlert(alert, locale) : null }
  },
})
