import { signUpFormSchema } from '#shared/accounts/account-schema'
import { decisionsOf } from '#shared/accounts/consents'
import { AppError } from '#shared/errors'
import { safeNextPath } from '#shared/accounts/next-path'
import { listConsentTexts } from '#server/domain/accounts/consents'
import { requestCode } from '#server/domain/accounts/request-code'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { defineFormAction } from '../../http/form-action.ts'
import { limitsFor, limitsForEmail } from '../../http/rate-limits.ts'
import { visitOf } from '../../http/require-actor.ts'
import { getServices } from '../../services.ts'
import { ticketCookie } from '../../http/sign-in-cookies.ts'

/** Mails a code. The account begins when it is entered: until then nobody has proved the address, and no password can belong to it. */
export default defineFormAction({
  fields: signUpFormSchema,
  async run({ event, locale, input: { email, community, next, agree } }) {
    const services = await getServices()
    const { communities } = await getReferenceData(services)
    if (community && !communities.some(({ slug }) => slug === community)) throw new AppError('invalid', {}, { fields: { community: { key: 'choose' } } })
    const consents = decisionsOf(await listConsentTexts(services), agree)
    if (!consents) throw new AppError('invalid', {}, { fields: { agree: { key: 'accounts.errors.agree' } } })
    const limits = [...limitsFor(event, services, 'account.code'), ...limitsForEmail(services, 'account.mail', email)]
    ticketCookie.write(event, services, await requestCode(services, visitOf(event), { email, flow: 'sign_up', community, consents, next: safeNextPath(next), locale, limits, now: Date.now() }))
    return `/${locale}/sign-in/code`
  },
})
