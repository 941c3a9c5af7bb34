import type { ContactMode } from './report-schema.ts'

/** The kind of report for which being reached may itself be dangerous. */
export const dangerousToReach = 'domestic_violence'

/**
 * Is the reporter answered in the portal alone: no call, no visit, no mail? As they said; for violence at home the default is yes, until
 * they say what is safe (RULES D3).
 */
export function isPortalOnly(category: string, contact: { portalOnly?: boolean | undefined, safeContact?: string | undefined } | null | undefined): boolean {
  return contact?.portalOnly ?? (category === dangerousToReach && !contact?.safeContact)
}

/** Does coming back to the reporter mean a letter on the tracking page? Anonymous and sealed: always. `track_report` answers the same (RULES D3). */
export function isRevisitByLetter(category: string, contact: { mode: ContactMode } & Parameters<typeof isPortalOnly>[1]): boolean {
  return contact.mode !== 'named' || isPortalOnly(category, contact)
}
