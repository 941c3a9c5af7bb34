import { getQuery } from 'h3'
import { inFours, parsePaperCode, type VerifyPage } from '#shared/accounts/verification'
import { readAccount } from '#server/domain/accounts/read-account'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { shownCookie } from '../../../http/sign-in-cookies.ts'
import { getServices } from '../../../services.ts'

export default definePageData<VerifyPage>({
  async load({ event, locale }) {
    const query = getQuery(event)
    const code = inFours(parsePaperCode(typeof query.code === 'string' ? query.code : '') ?? '')
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/account/verify${code && `%3Fcode%3D${code}`}`)
    const services = await getServices()
    const [account, { communities, station }] = await Promise.all([readAccount(services, actor), getReferenceData(services)])
    const isHere = account.verification !== null && account.verification.community === account.community
    return {
      verification: account.verification, community: communities.find(({ slug }) => slug === account.community)?.name ?? null, isStaff: account.staff_role !== null, code,
      shown: isHere ? undefined : shownCookie.read(event, services, actor.sessionId), isDone: query.done !== undefined,
      now: new Date().toISOString(), timeZone: station?.time_zone ?? 'Asia/Shanghai',
    }
  },
})
