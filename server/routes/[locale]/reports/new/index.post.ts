import { z } from 'zod'
import { optionalText } from '#shared/forms/fields'
import { alertOfTip } from '#server/domain/alerts/tip-about'
import { defineFormAction } from '../../../../http/form-action.ts'
import { keepAlertIfRoom, keepAlertInDraft } from '../../../../http/report-about.ts'
import { stepPath } from '../../../../http/report-step.ts'
import { getServices } from '../../../../services.ts'

/** Danger now: the numbers first, then the form all the same. `alert`: what it is about, from `/reports/new?alert=…`. */
export default defineFormAction({
  fields: z.object({ danger: z.enum(['yes', 'no'], 'choose'), alert: optionalText(60).catch(undefined) }),
  async run({ event, input, locale }) {
    const isDanger = input.danger === 'yes'
    if (input.alert) {
      const services = await getServices()
      const alert = await alertOfTip(services, input.alert)
      if (alert) await (isDanger ? keepAlertIfRoom : keepAlertInDraft)(event, services, alert.identifier)
    }
    return isDanger ? `/${locale}/reports/new/danger` : stepPath(locale, 'category')
  },
})
