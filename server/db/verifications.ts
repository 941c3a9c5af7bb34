import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { call, type Clients } from './clients.ts'
import type { Limit } from './reports.ts'

interface Signed { accessToken: string, userId: string, sessionId: string }

const done = z.object({ ok: z.literal(true) })
const instant = z.string()

const createVerificationBatchAnswer = done.extend({ id: z.uuid(), expires_at: instant, community: localisedSchema })
const listVerificationBatchesAnswer = done.extend({
  batches: z.array(z.object({
    id: z.uuid(), community: localisedSchema, created_by: localisedSchema, created_at: instant, expires_at: instant, size: z.number(), redeemed: z.number(), left: z.number(), revoked_at: instant.nullable(),
  })),
})
const redeemVerificationCodeAnswer = done.extend({ community: localisedSchema })
const requestConfirmationAnswer = done.extend({ expires_at: instant, community: localisedSchema })
const confirmResidentAnswer = done.extend({ community: localisedSchema })

/** Verified residents (RULES E1). What carries keyed hashes goes with the secret key and names the person (RULES A2). */
export function verificationQueries(clients: Clients, actor: Signed) {
  const own = clients.as(actor.accessToken)
  const { server } = clients
  const by = { actor: actor.userId, session: actor.sessionId }
  return {
    createBatch: (batch: { community: string, days: number, code_hashes: string[] }) =>
      call(server, 'create_verification_batch', { p: { ...batch, ...by } }, createVerificationBatchAnswer),
    listBatches: () => call(own, 'list_verification_batches', undefined as never, listVerificationBatchesAnswer),
    revokeBatch: (id: string) => call(own, 'revoke_verification_batch', { p_id: id }, done),
    redeem: (codeHash: string, limits: Limit[]) => call(server, 'redeem_verification_code', { p: { code_hash: codeHash, limits: limits as never, ...by } }, redeemVerificationCodeAnswer),
    requestConfirmation: (codeHash: string, limits: Limit[]) => call(server, 'request_confirmation', { p: { code_hash: codeHash, limits: limits as never, ...by } }, requestConfirmationAnswer),
    confirm: (codeHash: string, limits: Limit[]) => call(server, 'confirm_resident', { p: { code_hash: codeHash, limits: limits as never, ...by } }, confirmResidentAnswer),
  }
}
