import { getQuery } from 'h3'
import type { CodePage } from '#shared/accounts/account-page'
import { config } from '../../../config.ts'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'
import { ticketCookie } from '../../../http/sign-in-cookies.ts'

export default definePageData<CodePage>({
  async load({ event, locale }) {
    const ticket = ticketCookie.read(event, await getServices())
    if (!ticket) return new Redirect(`/${locale}/sign-in`)
    return { email: ticket.email, isDemo: config().isDemo, isSentAgain: getQuery(event).sent !== undefined }
  },
})
