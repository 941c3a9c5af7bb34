/*
  A form in progress (RULES B6). It rests in the database for two hours, sealed with a key that only the visitor's cookie and
  the portal together give; the row is found by a keyed hash of the same cookie.
*/
import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '#shared/errors'
import type { FormState } from '#shared/forms/form-state'
import { confirmationSchema, confirmationSeconds, type Confirmation } from '#shared/reports/confirmation'
import { draftAnswersSchema, reportSteps, type ReportStep } from '#shared/reports/draft'
import type { KeyRing } from '../trust/key-ring.ts'
import { openText, sealText, SealError } from '../trust/envelope.ts'
import type { DraftFile } from './submit-report.ts'

/** A file that waits for its report; `key` is base64. */
const waitingFileSchema = z.object({
  id: z.string(), mediaType: z.string(), sizeBytes: z.number(), sha256: z.string(), originalBlob: z.string().nullable(), viewBlob: z.string().nullable(), viewMediaType: z.string().nullable(), key: z.string(),
})

/** A received file as it waits. */
export const waitingFile = (file: DraftFile): z.infer<typeof waitingFileSchema> => ({ ...file, key: file.key.toString('base64') })

const draftSchema = z.object({
  version: z.literal(1),
  /** Of the send to come: sending twice makes one report. */
  idempotencyKey: z.string(),
  answers: draftAnswersSchema,
  files: z.array(waitingFileSchema),
  /** A step that was half filled when the language was changed: what stood in its fields, unchecked. */
  typed: z.object({ step: z.enum(reportSteps), values: z.record(z.string(), z.union([z.string(), z.array(z.string())]).optional()) }).optional(),
  /** Set once it is sent, for ten minutes; nothing else is left in it then. */
  sent: z.object({ until: z.number(), confirmation: confirmationSchema }).optional(),
})
export type Draft = z.infer<typeof draftSchema>

/** A draft with the secret that is in the visitor's cookie. */
export interface HeldDraft { token: string, draft: Draft }

/** An empty draft under a fresh secret of 192 random bits. */
export function newDraft(): HeldDraft {
  return { token: randomBytes(24).toString('base64url'), draft: { version: 1, idempotencyKey: randomUUID(), answers: {}, files: [] } }
}

/** Beside answers of the longest kind it still fits into a kept draft (400,000 characters, sealed). */
const typedBytes = 128 * 1024

/** The draft with a half-filled step. @throws AppError too_large */
export function withTyped(draft: Draft, step: ReportStep, values: FormState['values']): Draft {
  if (Buffer.byteLength(JSON.stringify(values)) > typedBytes) throw new AppError('too_large', { kilobytes: typedBytes / 1024 })
  return { ...draft, typed: { step, values } }
}

/** The draft once a step has its answer. */
export function withoutTyped(draft: Draft, step: ReportStep): Draft {
  return draft.typed?.step === step ? { ...draft, typed: undefined } : draft
}

/** What is left of a draft after a send: the confirmation, so that a second click gets the same one. @param now milliseconds */
export function sentDraft({ token, draft }: HeldDraft, confirmation: Confirmation, now: number): HeldDraft {
  return { token, draft: { ...draft, answers: {}, files: [], typed: undefined, sent: { until: now + confirmationSeconds * 1000, confirmation } } }
}

/** What the draft's row is found by. */
export const draftHash = (keys: KeyRing, token: string): string => keys.keyedHash('index', `draft ${token}`)

const keyOf = (keys: KeyRing, token: string) => keys.mac('index', `draft key ${token}`)

/** A draft as it is kept. */
export function sealDraft(keys: KeyRing, { token, draft }: HeldDraft): string {
  return sealText(keyOf(keys, token), JSON.stringify(draft), 'draft')
}

/** A kept draft, or undefined when it does not open or is of another version of the portal. */
export function openDraft(keys: KeyRing, token: string, sealed: string): Draft | undefined {
  try {
    return draftSchema.safeParse(JSON.parse(openText(keyOf(keys, token), sealed, 'draft'))).data
  }
  catch (thrown) {
    if (thrown instanceof SealError) return undefined
    throw thrown
  }
}
