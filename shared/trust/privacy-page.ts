import type { Localised } from '../communities/reference-data.ts'
import type { RetentionRule } from './retention.ts'

/** How long reports of a kind are to be kept. */
export interface Retention { name: Localised, days: number }

export interface PrivacyPage { retention: Retention[], rules: Pick<RetentionRule, 'kind' | 'ends' | 'keepSeconds' | 'name' | 'happens'>[], cookies: CookieNote[] }

/** One cookie as the privacy page lists it. Purpose and life in words: `trust.privacy.cookies.<code>`. */
export interface CookieNote { code: typeof cookieCodes[number], name: string }

/** Every cookie that the portal sets; all are httpOnly and SameSite=Lax. */
export const cookieCodes = ['session', 'code', 'proof', 'draft', 'sent', 'view'] as const

/** Sent with certain pages only: bound to their path, which `__Host-` forbids. */
const boundToPath: readonly string[] = ['sent', 'view']

/** The name a browser shows; behind TLS it says that the cookie belongs to this host and to TLS alone. */
export function cookieName(code: typeof cookieCodes[number], isSecure: boolean): string {
  if (!isSecure) return `linli-${code}`
  return boundToPath.includes(code) ? `__Secure-linli-${code}` : `__Host-linli-${code}`
}
