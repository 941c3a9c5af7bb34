import type { Access } from '#server/db/reports'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'
import { ownerHash, receiptHash, viewTokenHash } from './receipt.ts'
import { readTyped } from './start-view.ts'

/** Access by receipt, as the API's `x-receipt` header carries it. Anything typed is looked up, so that wrong ones answer alike. */
export function accessByReceipt(services: Services, receipt: string): Access {
  return { receipt_hash: receiptHash(services.keys, readTyped('', receipt).receipt) }
}

/** Access by the cookie of a running view session. */
export function accessByView(services: Services, token: string): Access {
  return { view_token_hash: viewTokenHash(services.keys, token) }
}

/** Access of a signed-in owner, of named and of sealed reports. */
export function accessByOwner(services: Services, actor: Actor): Access {
  return { actor: actor.userId, session: actor.sessionId, owner_hash: ownerHash(services.keys, actor.userId) }
}
