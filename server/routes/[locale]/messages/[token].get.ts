import { getQuery } from 'h3'
import { tokenPathSchema, type MailSettingsPage } from '#shared/messages/mail-settings'
import { readMailSettings } from '#server/domain/messages/mail-settings'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

/** The link in a mail: what its recipient wants to be mailed, without sign-in. */
export default definePageData<MailSettingsPage, { token: string }>({
  params: tokenPathSchema,
  keepsTyped: true,
  load: async ({ event, params }) => ({ ...await readMailSettings(await getServices(), params.token), isSaved: 'saved' in getQuery(event) }),
})
