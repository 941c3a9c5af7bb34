import { AppError } from '#shared/errors'
import { invitationPathSchema, type InvitationPage } from '#shared/staff/invitation'
import { readInvitation } from '#server/domain/staff/accept-invitation'
import { definePageData } from '../../../../http/page-data.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { getServices } from '../../../../services.ts'

/** The link of an invitation, for whoever holds it; without sign-in. One that no longer works is a page too: it says what to do. */
export default definePageData<InvitationPage, { token: string }>({
  params: invitationPathSchema,
  keepsTyped: true,
  async load({ event, params }) {
    const services = await getServices()
    return readInvitation(services, params.token, limitsFor(event, services, 'account.guess')).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'invitation_ended') return { hasEnded: true } as const
      throw error
    })
  },
})
