import type { Account } from '#shared/accounts/account-page'
import { accountQueries } from '#server/db/accounts'
import type { Services } from '../services.ts'
import type { Actor } from './actor.ts'

/** The resident's own account. @throws AppError session_ended */
export const readAccount = ({ clients }: Services, actor: Actor): Promise<Account> => accountQueries(clients, actor).read()
