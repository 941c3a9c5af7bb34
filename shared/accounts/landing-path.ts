import type { Locale } from '../locales.ts'
import { isDeskPath, safeNextPath } from './next-path.ts'

/** Where somebody who has just signed in goes: back to where they came from; otherwise staff to the desk, residents to their account. */
export function landingPath({ next, isStaff, locale }: { next?: string, isStaff: boolean, locale: Locale }): string {
  const safe = safeNextPath(next)
  if (safe && (isStaff || !isDeskPath(safe))) return safe
  return isStaff ? `/${locale}/desk` : `/${locale}/account`
}
