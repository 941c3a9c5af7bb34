import { alertAddressSchema, type AlertPage } from '#shared/alerts/alert-pages'
import { parseAlertIdentifier } from '#shared/alerts/identifier'
import { showAlertPage } from '#server/domain/alerts/show-alert-pages'
import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { getServices } from '../../../../services.ts'

export default definePageData<AlertPage, { identifier: string }>({
  params: alertAddressSchema,
  isPublic: true,
  async load({ params, locale }) {
    const identifier = parseAlertIdentifier(params.identifier) ?? params.identifier
    return identifier === params.identifier ? showAlertPage(await getServices(), identifier, locale) : new Redirect(`/${locale}/alerts/${identifier}`, 302)
  },
})
