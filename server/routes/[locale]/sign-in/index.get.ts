import { getQuery } from 'h3'
import type { SignInPage } from '#shared/accounts/account-page'
import { safeNextPath } from '#shared/accounts/next-path'
import { config } from '../../../config.ts'
import { definePageData } from '../../../http/page-data.ts'

export default definePageData<SignInPage>({
  load({ event }) {
    const { next, left } = getQuery(event)
    return { next: safeNextPath(next), isDemo: config().isDemo, hasLeft: left !== undefined }
  },
})
