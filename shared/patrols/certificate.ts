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
  shifts: count, minutes: count,
  /** Left out when the holder chose so. */
  nightMinutes: count.optional(),
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

/** How the holder's name stands on a certificate. */
export const holderNames = ['full', 'initials'] as const

/** What somebody asks a certificate to say: over which days, how they are named, whether the hours at night stand apart. */
export const certificateWishSchema = z.object({ from: z.iso.date('date'), to: z.iso.date('date'), holder: z.enum(holderNames), isNightShown: z.boolean() }).refine(({ from, to }) => from <= to, { path: ['to'], error: 'patrols.rewards.certificates.daysOrder' })
export type CertificateWish = z.output<typeof certificateWishSchema>

/** `王小明` → `王某某`, `Anna Berg` → `A. B.` A Chinese name of four characters has a surname of two. */
export function initialsOf(name: string): string {
  const whole = name.trim()
  if (/^\p{Script=Han}{2,}$/u.test(whole)) {
    const characters = [...whole]
    const surname = characters.length > 3 ? 2 : 1
    return characters.slice(0, surname).join('') + '某'.repeat(characters.length - surname)
  }
  return whole.split(/[\s·]+/u).flatMap(word => [...word][0] ?? []).map(letter => `${letter.toUpperCase()}.`).join(' ')
}

const revocation = { issuedAt: instant, revokedAt: instant.nullable(), revokedBy: z.enum(['holder', 'station']).nullable(), revokedReason: z.string().nullable() }

/** A certificate as its holder sees it. */
export const ownCertificateSchema = z.object({ number: certificateNumber, ...revocation, content: certificateContentSchema })
export type OwnCertificate = z.infer<typeof ownCertificateSchema>
/** `firstOn`: the day of the first patrol with counted hours, null before that. */
export const ownCertificatesSchema = z.object({ now: instant, firstOn: z.iso.date().nullable(), certificates: z.array(ownCertificateSchema) })
export type OwnCertificates = z.infer<typeof ownCertificatesSchema>
export const issuedCertificateSchema = z.object({ certificate: ownCertificateSchema })
export const certificatePathSchema = z.object({ number: certificateNumber })
export const revokeCertificateSchema = z.object({ reason: z.string().trim().min(3, 'textMin').max(500, 'textMax').optional() })
export const deskCertificatesSchema = z.object({ mayRevoke: z.boolean(), certificates: z.array(z.object({ number: certificateNumber, volunteer: z.uuid().nullable(), ...revocation })) })
export type DeskCertificates = z.infer<typeof deskCertificatesSchema>

/**
 * How a check came out. `erased`: the station signed it and has forgotten what it said; a file can still be checked. `altered`: the signature stands for something else, or the paper is not the one that was handed out.
 * `not_ours`: nothing that the station signed.
 */
export const certificateVerdicts = ['genuine', 'revoked', 'erased', 'altered', 'unknown', 'not_ours'] as const
/** `content`: what the station signed, of one that holds; of a file without the portal's copy, what that file says and the signature confirms. */
export const checkedCertificateSchema = z.object({ number: z.string(), verdict: z.enum(certificateVerdicts), issuedAt: instant.nullable(), revokedAt: instant.nullable(), content: certificateContentSchema.nullable() })
export type CheckedCertificate = z.infer<typeof checkedCertificateSchema>

/** `/patrols/certificates` */
export interface CertificatesPage {
  isVolunteer: boolean
  /** Days on the station's wall; null before the first counted hour. */
  firstOn: string | null
  today: string
  certificates: (Omit<OwnCertificate, 'issuedAt' | 'revokedAt'> & { issuedOn: string, revokedOn: string | null })[]
  did: 'issued' | 'revoked' | null
}

const wishShape = { from: z.iso.date('date'), to: z.iso.date('date'), holder: z.enum(holderNames), night: z.enum(['shown', 'hidden']) }
/** What the page sends. */
export const certificatesFormSchema = z.discriminatedUnion('act', [z.object({ act: z.literal('issue'), ...wishShape }), z.object({ act: z.literal('revoke'), number: certificateNumber })])
  .refine(form => form.act !== 'issue' || form.from <= form.to, { path: ['to'], error: 'patrols.rewards.certificates.daysOrder' })
