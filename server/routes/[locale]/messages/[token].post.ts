import { mailSettingsFormSchema } from '#shared/messages/mail-settings'
import { saveMailSettings } from '#server/domain/messages/mail-settings'
import { defineFormAction } from '../../../http/form-action.ts'
import { getServices } from '../../../services.ts'

export default defineFormAction({
  fields: mailSettingsFormSchema,
  async run({ params, input: { level, quietFrom, quietTo } }) {
    await saveMailSettings(await getServices(), params.token ?? '', { level, quiet: { from: quietFrom, to: quietTo } })
    return '?saved'
  },
})
