import { z } from 'zod'
import type { CheckedCertificate } from '../patrols/certificate.ts'
import { statementSchema } from '../reports/report-answers.ts'

/** The part of a saved receipt file that can be checked: the signed statement and the nonce of its content hash. */
export const savedReceiptSchema = z.object({ statement: statementSchema, nonce: z.string().regex(/^[0-9a-f]{64}$/).optional() })
export type SavedReceipt = z.infer<typeof savedReceiptSchema>

/** What was checked about a receipt file, and how it came out. */
export interface CheckedReceipt {
  reference: string
  receivedAt: string
  files: number
  /** Whether the station signed this very statement. Nothing else is looked up when it did not. */
  signature: 'ours' | 'not_ours'
  /** Whether what the station keeps today is what it signed for then. `no_nonce`: the file lacks what is needed to ask. */
  content: 'same' | 'changed' | 'missing' | 'erased' | 'no_nonce' | null
  /** Where it stands in the chain; null while it waits for its seal. */
  seal: { block: number, sealedAt: string, day: string, isPublished: boolean } | null
}

/** The headline of a check: "good" is said of a text that was compared alone; without its nonce, or after an erasure, only the signature was. */
export function verdictOf({ signature, content }: Pick<CheckedReceipt, 'signature' | 'content'>): 'good' | 'goodAsFar' | 'bad' {
  if (signature !== 'ours' || content === 'changed' || content === 'missing') return 'bad'
  return content === 'same' ? 'good' : 'goodAsFar'
}

/** What `/{locale}/verify` shows. */
export interface VerifyPage { checked: CheckedReceipt | null, certificate: CheckedCertificate | null, timeZone: string, now: string }

/** The largest receipt or certificate that is read: a printed certificate has about 120 KB. */
export const checkedFileBytes = 1024 * 1024
