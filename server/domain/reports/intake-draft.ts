/*
  A report in the making at the counter. Like a resident's draft (draft.ts) it rests sealed in the database for two hours, under a key that
  only the browser's cookie and the portal together give; it opens for the colleague who types it alone.
*/
import { z } from 'zod'
import { confirmationSeconds } from '#shared/reports/confirmation'
import { intakeDraftSchema, intakeReceiptSchema, type IntakeDraft, type IntakeReceipt } from '#shared/reports/intake-schema'
import { draftQueries, type Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import type { KeyRing } from '../trust/key-ring.ts'
import { openText, sealText, SealError } from '../trust/envelope.ts'
import { draftHash } from './draft.ts'

const keptSchema = z.object({ staffId: z.string(), draft: intakeDraftSchema })
const receiptSchema = z.object({ staffId: z.string(), until: z.number(), receipt: intakeReceiptSchema.omit({ qr: true, words: true }) })

/** What is kept of a receipt: its picture and words are made when it is shown. */
export type KeptReceipt = Omit<IntakeReceipt, 'qr' | 'words'>

const draftKey = (keys: KeyRing, token: string) => keys.mac('index', `intake draft ${token}`)
const receiptKey = (keys: KeyRing) => keys.mac('receipt', 'intake receipt cookie')

/** Keeps what has been typed so far for two hours. @param token 192 random bits in the browser's cookie @throws AppError rate_limited */
export async function saveIntakeDraft({ clients, keys }: Services, held: { token: string, staffId: string, draft: IntakeDraft }, limits: Limit[]): Promise<void> {
  const { token, ...kept } = held
  await draftQueries(clients).save(draftHash(keys, token), sealText(draftKey(keys, token), JSON.stringify(kept), 'intake draft'), [], limits)
}

/** What a colleague has typed so far; nothing for another one at the same computer. */
export async function loadIntakeDraft({ clients, keys }: Services, token: string | undefined, staffId: string): Promise<IntakeDraft | null> {
  const sealed = token && await draftQueries(clients).load(draftHash(keys, token))
  const kept = token && sealed ? opened(keptSchema, draftKey(keys, token), sealed, 'intake draft') : undefined
  return kept?.staffId === staffId ? kept.draft : null
}

/** Forgets what was typed. */
export async function discardIntakeDraft({ clients, keys }: Services, token: string): Promise<void> {
  await draftQueries(clients).remove(draftHash(keys, token))
}

/** The receipt for the paper, as it travels in a cookie that the portal alone can open (RULES C2). @param now milliseconds */
export function sealIntakeReceipt(keys: KeyRing, staffId: string, receipt: KeptReceipt, now: number): string {
  return sealText(receiptKey(keys), JSON.stringify({ staffId, until: now + confirmationSeconds * 1000, receipt }), 'intake receipt')
}

/** What a cookie holds, for the colleague who took the report in, while its ten minutes last. @param now milliseconds */
export function openIntakeReceipt(keys: KeyRing, sealed: string | undefined, staffId: string, now: number): KeptReceipt | undefined {
  const held = sealed ? opened(receiptSchema, receiptKey(keys), sealed, 'intake receipt') : undefined
  return held && held.staffId === staffId && held.until > now ? held.receipt : undefined
}

function opened<Kept>(schema: z.ZodType<Kept>, key: Buffer, sealed: string, about: string): Kept | undefined {
  try {
    return schema.safeParse(JSON.parse(openText(key, sealed, about))).data
  }
  catch (thrown) {
    if (thrown instanceof SealError) return undefined
    throw thrown
  }
}
