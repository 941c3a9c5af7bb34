import { z } from 'zod'
import { consentsSchema, consentTextsSchema, type Decision } from '#shared/accounts/consents'
import { call, type Clients } from './clients.ts'

/** The texts in force, for whoever is about to agree. */
export const getConsentTexts = ({ server }: Clients) => call(server, 'get_consent_texts', undefined as never, consentTextsSchema)

const saveConsentsAnswer = z.object({ ok: z.literal(true) })

/** What the signed-in person agreed to, under their own token. */
export function consentQueries({ as }: Clients, { accessToken }: { accessToken: string }) {
  const client = as(accessToken)
  return {
    list: () => call(client, 'list_consents', undefined as never, consentsSchema),
    save: (decisions: readonly Decision[], locale: string) => call(client, 'save_consents', { p: { decisions: [...decisions], locale } }, saveConsentsAnswer),
  }
}
