import { draftQueries } from '#server/db/reports'
import type { Services } from '../services.ts'
import { draftHash, openDraft, type HeldDraft } from './draft.ts'

/** The draft of a visitor's cookie, if there is one and its time is not over: two hours, ten minutes after a send. @param now milliseconds */
export async function loadDraft(services: Services, token: string | undefined, now: number): Promise<HeldDraft | undefined> {
  if (!token) return undefined
  const sealed = await draftQueries(services.clients).load(draftHash(services.keys, token))
  const draft = sealed ? openDraft(services.keys, token, sealed) : undefined
  return draft && !(draft.sent && draft.sent.until < now) ? { token, draft } : undefined
}
