import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { symbols } from '../reports/receipt.ts'

const instant = z.string().meta({ format: 'date-time' })
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)

/** `PT-` and twelve Crockford symbols: 60 random bits, so that nobody finds a certificate who does not hold one. */
export const certificateNumber = z.string().regex(/^PT(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)

/** `pt 7k3q 9xpa 2mbd` → `PT-7K3Q-9XPA-2MBD`, or undefined. The letters in front may be left out. */
export function parseCertificateNumber(text: string): string | undefined {
  const typed = text.normalize('NFKC').toUpperCase().replace(/[^0-9A-Z]/g, '')
  const found = symbols(typed.length === 14 && typed.startsWith('PT') ? typed.slice(2) : typed)
  return /^[0-9A-HJKMNP-TV-Z]{12}$/.test(found) ? `PT-${found.match(/.{4}/g)?.join('-')}` : undefined
}

/** What a certificate of hours says. Minutes as they passed: what the night earns on top is for points, not for a paper. */
export const certificateContentSchema = z.object({
  number: certificateNumber,
  station: localisedSchema,
  holder: z.string().min(1).max(80),
  /** The first and the last day of patrols that are counted. */
  from: z.iso.date(), to: z.iso.date(),
  shifts: count, minutes: count, nightMinutes: count,
  issuedAt: instant,
})
export type CertificateContent = z.infer<typeof certificateContentSchema>

/** What the station signs: the hash of the content with a nonce (as RULES C3), so that an erasure leaves a statement which nobody can tell the name from. */
export const certificateStatementSchema = z.object({
  version: z.literal(1), type: z.literal('patrol_certificate'), number: certificateNumber, issuedAt: instant, contentHash: sha256, keyId: z.string(), signature: z.string(),
})

/** What lies inside the PDF, for whoever checks it without the portal. */
export const certificateFileSchema = z.object({ content: certificateContentSchema, nonce: sha256, statement: certificateStatementSchema })
export type CertificateFile = z.infer<typeof certificateFileSchema>

/** Minutes as hours and the rest. */
export function hoursAndMinutes(minutes: number): { hours: number, minutes: number } {
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}
