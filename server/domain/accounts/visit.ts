import { openSession, type CookieJar, type Session } from '#server/db/sessions'
import type { SupabaseSettings } from '#server/db/clients'

/** One visitor and their session: sign in, sign up, codes, sign out. */
export type Visit = Session & { userAgent: string | undefined }

/** Opens the visitor's session from their cookies; nothing is asked of the network before it is needed. @param address for Auth's own limits */
export function openVisit(supabase: SupabaseSettings, cookies: CookieJar, userAgent: string | undefined, address: string): Visit {
  return { ...openSession(supabase, cookies, address), userAgent }
}
