import { setResponseHeaders, type H3Event } from 'h3'
import type { Locale } from '#shared/locales'
import type { DeskActor } from '#server/db/desk-reports'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { noteCertificatePaper, openOwnCertificate } from '#server/domain/patrols/own-certificates'
import type { Services } from '#server/domain/services'
import { paperFonts } from '#server/standards/pdf/fonts'
import { writeCertificate } from '#server/standards/pdf/write-certificate'
import { certificatePaper } from './certificate-paper.ts'
import { limitsForEmail } from './rate-limits.ts'

/** Prints one of the caller's certificates in a language. @throws AppError not_found: also one that was revoked, rate_limited */
export async function handOutCertificate(event: H3Event, services: Services, actor: DeskActor, number: string, locale: Locale): Promise<Buffer> {
  const file = await openOwnCertificate(services, actor, number, limitsForEmail(services, 'account.certificate', actor.userId))
  const { station } = await getReferenceData(services)
  const paper = await writeCertificate(certificatePaper(file, { locale, timeZone: station?.time_zone ?? 'Asia/Shanghai', publicUrl: services.settings.publicUrl }), paperFonts())
  await noteCertificatePaper(services, number, paper)
  setResponseHeaders(event, { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${number}.pdf"`, 'x-content-type-options': 'nosniff' })
  return paper
}
