import type { Sessions } from '#shared/accounts/sessions'
import { sessionQueries } from '#server/db/account-sessions'
import type { Services } from '../services.ts'
import type { Actor } from './actor.ts'
import { deviceOf } from './device-name.ts'

/** Where the account is signed in; notes the device of this session. @throws AppError session_ended */
export const listSessions = ({ clients }: Services, actor: Actor, userAgent: string | undefined): Promise<Sessions> => sessionQueries(clients, actor).list(deviceOf(userAgent))

/** Ends one session, or all but this one. @throws AppError not_found; of staff second_factor_required, session_locked, session_ended */
export async function endSessions({ clients }: Services, actor: Actor, which: string): Promise<void> {
  await sessionQueries(clients, actor).end(which === 'others' ? undefined : which)
}
