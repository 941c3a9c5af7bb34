import { z } from 'zod'
import { AppError } from '#shared/errors'
import type { CopyOwner } from './account-copy.ts'
import { call, type Clients } from './clients.ts'

const done = z.object({ ok: z.literal(true) })

const planAccountErasureAnswer = done.extend({ is_staff: z.boolean(), is_fresh: z.boolean(), closed: z.number(), open: z.array(z.string()) })
const eraseAccountAnswer = done.extend({ detached: z.number(), kept: z.array(z.string()) })

/** Erasing an account: ours in one transaction, then its row at Supabase Auth. */
export function erasureQueries({ server }: Clients, { userId, sessionId, ownerHash }: CopyOwner) {
  const p = { actor: userId, session: sessionId, owner_hash: ownerHash }
  return {
    plan: () => call(server, 'plan_account_erasure', { p }, planAccountErasureAnswer),
    erase: () => call(server, 'erase_account', { p }, eraseAccountAnswer),
  }
}

/** Accounts whose row at Supabase Auth is still to be deleted. */
export const unfinishedErasures = ({ server }: Clients) => call(server, 'list_unfinished_erasures', undefined as never, done.extend({ accounts: z.array(z.uuid()) }))

/** Deletes the account at Supabase Auth. One that is gone already is no fault. @throws AppError unavailable */
export async function deleteAuthUser({ server }: Clients, id: string): Promise<void> {
  const { error } = await server.auth.admin.deleteUser(id)
  if (error && error.status !== 404) throw new AppError('unavailable', {}, { cause: error })
}
