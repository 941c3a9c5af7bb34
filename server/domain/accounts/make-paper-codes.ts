import { AppError } from '#shared/errors'
import { inFours, type Batch, type Sheet } from '#shared/accounts/verification'
import { verificationQueries } from '#server/db/verifications'
import type { Services } from '../services.ts'
import { qrCode } from '../reports/receipt-qr.ts'
import type { Actor } from './actor.ts'
import { newPaperCode, paperCodeHash } from './verification-code.ts'

/** Makes a sheet of paper codes. It is answered this once: what is kept are keyed hashes. @throws AppError invalid (community), forbidden */
export async function makePaperCodes({ clients, keys, settings }: Services, actor: Actor, { community, count, days }: { community: string, count: number, days: number }): Promise<Sheet> {
  const codes = Array.from({ length: count }, newPaperCode)
  const batch = await verificationQueries(clients, actor).createBatch({ community, days, code_hashes: codes.map(code => paperCodeHash(keys, code)) }).catch((cause: unknown) => {
    throw cause instanceof AppError && cause.code === 'not_found' ? new AppError('invalid', {}, { fields: { community: { key: 'choose' } }, cause }) : cause
  })
  return {
    community: batch.community, expiresAt: batch.expires_at,
    // The paper is for one person and its code for one use: unlike a receipt it may stand in an address.
    codes: codes.map(code => ({ code: inFours(code), qr: qrCode(`${settings.publicUrl}/zh/account/verify?code=${inFours(code)}`) })),
  }
}

/** The sheets made at this station, newest first, with how many codes are left. @throws AppError forbidden */
export async function listPaperCodes({ clients }: Services, actor: Actor): Promise<{ batches: Batch[] }> {
  const { batches } = await verificationQueries(clients, actor).listBatches()
  return { batches: batches.map(({ created_by, created_at, expires_at, revoked_at, ...batch }) => ({ ...batch, createdBy: created_by, createdAt: created_at, expiresAt: expires_at, revokedAt: revoked_at })) }
}

/** The codes of a lost sheet stop working. @throws AppError not_found, forbidden */
export async function revokePaperCodes({ clients }: Services, actor: Actor, id: string): Promise<void> {
  await verificationQueries(clients, actor).revokeBatch(id)
}
