import { openSession, type CookieJar, type Session } from '#server/db/sessions'
import type { SupabaseSettings } from '#server/db/clients'

/** One visitor and their session: sign in, sign up, codes, sign out. */
export type Visit = Session

/** Opens the visitor's session from their cookies; nothing is asked of the network before it is needed. */
export function openVisit(supabase: SupabaseSettings, cookies: CookieJar): Visit {
  return openSession(supabase, cookies)
}
