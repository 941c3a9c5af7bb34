import { getQuery } from 'h3'
import type { SignUpPage } from '#shared/accounts/account-page'
import { safeNextPath } from '#shared/accounts/next-path'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { definePageData } from '../../http/page-data.ts'
import { getServices } from '../../services.ts'

export default definePageData<SignUpPage>({
  async load({ event }) {
    const { communities } = await getReferenceData(await getServices())
    return { next: safeNextPath(getQuery(event).next), communities: communities.map(({ slug, name }) => ({ slug, name })) }
  },
})
