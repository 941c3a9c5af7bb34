import type { CertificatesPage } from '#shared/patrols/certificate'
import { dayOf } from '#shared/reports/wall-time'
import type { DeskActor } from '#server/db/desk-reports'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { listOwnCertificates } from './own-certificates.ts'
import { readOwnPatrols } from './own-patrols.ts'

/** The page of one's own certificates, its days on the station's wall. */
export async function showCertificates(services: Services, actor: DeskActor, did: CertificatesPage['did']): Promise<CertificatesPage> {
  const [{ now, firstOn, certificates }, { volunteer }, { station }] = await Promise.all([listOwnCertificates(services, actor), readOwnPatrols(services, actor), getReferenceData(services)])
  const day = (instant: string) => dayOf(instant, station?.time_zone ?? 'Asia/Shanghai')
  return {
    isVolunteer: volunteer !== null, firstOn, today: day(now), did,
    certificates: certificates.map(({ issuedAt, revokedAt, ...rest }) => ({ ...rest, issuedOn: day(issuedAt), revokedOn: revokedAt && day(revokedAt) })),
  }
}
