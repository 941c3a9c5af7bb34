import type { Consents, ConsentText, Decision } from '#shared/accounts/consents'
import type { Locale } from '#shared/locales'
import { consentQueries, getConsentTexts } from '#server/db/consents'
import type { Services } from '../services.ts'
import type { Actor } from './actor.ts'

/** The texts that people agree to, in the versions in force. */
export const listConsentTexts = async ({ clients }: Services): Promise<ConsentText[]> => (await getConsentTexts(clients)).texts

/** The texts with the reader's last word on each, and all they said before. @throws AppError session_ended */
export const listConsents = ({ clients }: Services, actor: Actor): Promise<Consents> => consentQueries(clients, actor).list()

/** Keeps a yes or a no. @throws AppError conflict (the text has changed since it was shown), invalid_input */
export async function saveConsents({ clients }: Services, actor: Actor, decisions: readonly Decision[], locale: Locale): Promise<void> {
  await consentQueries(clients, actor).save(decisions, locale)
}
