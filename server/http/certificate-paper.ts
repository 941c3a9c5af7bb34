import { hoursAndMinutes, type CertificateFile } from '#shared/patrols/certificate'
import { dayOf } from '#shared/reports/wall-time'
import type { Locale } from '#shared/locales'
import { qrCode } from '#server/domain/reports/receipt-qr'
import type { CertificatePaper } from '#server/standards/pdf/write-certificate'
import { text } from '../texts.ts'

const attachmentName = 'certificate.json'

/** A signed certificate in the words of its reader. */
export function certificatePaper(file: CertificateFile, { locale, timeZone, publicUrl }: { locale: Locale, timeZone: string, publicUrl: string }): CertificatePaper {
  const { number, station, holder, from, to, shifts, minutes, nightMinutes, issuedAt } = file.content
  const say = (key: 'body' | 'timeValue' | 'check' | 'issuedOn' | 'shiftsValue', params: Record<string, string | number>) => text(locale, `patrols.certificate.${key}`, params)
  const name = station[locale]
  const page = `${publicUrl}/${locale}/verify`
  return {
    language: locale === 'zh' ? 'zh-CN' : 'en', title: text(locale, 'patrols.certificate.title'),
    body: say('body', { holder, from: dayInWords(from, locale), to: dayInWords(to, locale), station: name, shifts, ...hoursAndMinutes(minutes) }),
    rows: [
      [text(locale, 'patrols.certificate.number'), number],
      [text(locale, 'patrols.certificate.shifts'), say('shiftsValue', { count: shifts })],
      [text(locale, 'patrols.certificate.time'), say('timeValue', hoursAndMinutes(minutes))],
      ...nightMinutes === undefined ? [] : [[text(locale, 'patrols.certificate.night'), say('timeValue', hoursAndMinutes(nightMinutes))] as const],
    ],
    issuer: name, issuedOn: say('issuedOn', { day: dayInWords(dayOf(issuedAt, timeZone), locale) }), issuedAt,
    check: say('check', { address: page, file: attachmentName }),
    qr: { ...qrCode(`${page}?certificate=${number}`), alt: text(locale, 'patrols.certificate.qr') },
    attachment: { name: attachmentName, json: JSON.stringify({ locale, ...file }, null, 2), description: text(locale, 'patrols.certificate.attachment') },
  }
}

/** A day without its hour. @param day `YYYY-MM-DD` */
function dayInWords(day: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' }).format(new Date(day))
}
