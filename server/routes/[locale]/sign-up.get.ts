import { getQuery } from 'h3'
import type { SignUpPage } from '#shared/accounts/account-page'
import { safeNextPath } from '#shared/accounts/next-path'
import { listConsentTexts } from '#server/domain/accounts/consents'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { definePageData } from '../../http/page-data.ts'
import { getServices } from '../../services.ts'

export default definePageData<SignUpPage>({
  async load({ event }) {
    const services = await getServices()
    const [{ communities }, texts] = await Promise.all([getReferenceData(services), listConsentTexts(services)])
    return { next: safeNextPath(getQuery(event).next), communities: communities.map(({ slug, name }) => ({ slug, name })), texts }
  },
})
