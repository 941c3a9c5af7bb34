import type { Locale } from '#shared/locales'
import { AppError } from '#shared/errors'
import { accountQueries } from '#server/db/accounts'
import type { Services } from '../services.ts'
import type { Actor } from './actor.ts'

/** Keeps community and language. @throws AppError invalid (no such community), session_ended */
export async function saveProfile({ clients }: Services, actor: Actor, { community, locale }: { community?: string, locale: Locale }): Promise<void> {
  await accountQueries(clients, actor).saveProfile(community, locale).catch((cause: unknown) => {
    throw cause instanceof AppError && cause.code === 'not_found' ? new AppError('invalid', {}, { fields: { community: { key: 'choose' } }, cause }) : cause
  })
}
