import { z } from 'zod'
import { localisedSchema, type Localised } from '../communities/reference-data.ts'
import { symbols } from '../reports/receipt.ts'

/** `7k3q 9xpa 2mbd` → `7K3Q9XPA2MBD`: twelve Crockford symbols, 60 random bits. Undefined for what cannot be a paper code. */
export function parsePaperCode(text: string): string | undefined {
  const found = symbols(text)
  return /^[0-9A-HJKMNP-TV-Z]{12}$/.test(found) ? found : undefined
}

/** In groups of four, as people read them out. */
export const inFours = (code: string): string => code.match(/.{1,4}/g)?.join('-') ?? code

const paperCode = z.string({ error: 'required' }).max(100, 'accounts.errors.paperCode').transform((text, context) => {
  const code = parsePaperCode(text)
  if (code) return code
  context.addIssue({ code: 'custom', message: text.trim() ? 'accounts.errors.paperCode' : 'required' })
  return z.NEVER
})

/** Either the wish for a code to show to an officer, or a paper code. */
export const verifyFormSchema = z.union([z.object({ show: z.literal('1') }), z.object({ show: z.undefined().optional(), code: paperCode })])

/** What a resident is shown: who they are verified for, and the code to show while it lives. */
export interface VerifyPage {
  verification: { name: Localised, method: 'code' | 'officer', verified_on: string } | null
  /** The community of the profile, for which an officer can confirm. */
  community: Localised | null
  isStaff: boolean
  /** Filled in from the link of a QR code. */
  code: string
  shown?: { code: string, until: string }
  isDone: boolean
  now: string
  timeZone: string
}

/** Eight digits, also full-width ones and with blanks between. */
export const confirmationSchema = z.object({ code: z.string({ error: 'required' }).max(100, 'invalid').transform(text => text.normalize('NFKC').replace(/\D/g, '')).pipe(z.string().length(8, 'invalid')) })
export const confirmedSchema = z.object({ community: localisedSchema })

/** A sheet has at most 120 codes: it is made, shown and printed at once. */
export const newBatchSchema = z.object({ community: z.string({ error: 'required' }).min(1, 'choose').max(60), count: z.coerce.number('number').int('number').min(1).max(120), days: z.coerce.number('number').int('number').min(1).max(366) })

const instant = z.string()
export const batchSchema = z.object({
  id: z.uuid(), community: localisedSchema, createdBy: localisedSchema, createdAt: instant, expiresAt: instant, size: z.number(), redeemed: z.number(), left: z.number(), revokedAt: instant.nullable(),
})
export type Batch = z.infer<typeof batchSchema>
export const batchesSchema = z.object({ batches: z.array(batchSchema) })
export const batchPathSchema = z.object({ id: z.uuid() })

/** The sheet: shown once, since only keyed hashes are kept. */
export const sheetSchema = z.object({
  community: localisedSchema, expiresAt: instant,
  codes: z.array(z.object({ code: z.string(), qr: z.object({ size: z.number(), path: z.string() }) })),
})
export type Sheet = z.infer<typeof sheetSchema>
