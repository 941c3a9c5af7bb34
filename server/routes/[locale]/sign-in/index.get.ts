import { getQuery } from 'h3'
import type { SignInPage } from '#shared/accounts/account-page'
import { demoAccounts, demoPassword } from '#shared/accounts/demo-accounts'
import { safeNextPath } from '#shared/accounts/next-path'
import { config } from '../../../config.ts'
import { definePageData } from '../../../http/page-data.ts'

export default definePageData<SignInPage>({
  load({ event }) {
    const { next, left } = getQuery(event)
    return { next: safeNextPath(next), ...(config().isDemo && { demo: { password: demoPassword, accounts: demoAccounts } }), hasLeft: left !== undefined }
  },
})
