/** The kind of report for which being reached may itself be dangerous. */
export const dangerousToReach = 'domestic_violence'

/**
 * Is the reporter answered in the portal alone: no call, no visit, no mail? As they said; for violence at home the default is yes, until
 * they say what is safe (RULES D3).
 */
export function isPortalOnly(category: string, contact: { portalOnly?: boolean | undefined, safeContact?: string | undefined } | null | undefined): boolean {
  return contact?.portalOnly ?? (category === dangerousToReach && !contact?.safeContact)
}
