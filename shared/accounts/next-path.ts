import { localeCodes } from '../locales.ts'

const own = new RegExp(`^/(${localeCodes.join('|')})((?:/[\\w-]+)*)/?(\\?[\\w.~%=&+-]*)?$`)
/** Where nobody is sent back to after signing in. */
const closed = /^\/(sign-(in|up|out)|exit)(\/|$)/

/**
 * Where to go after signing in, if that is a page of ours: `/zh/reports/LL-7K3Q-9XPA`. Only plain path segments pass: no other
 * host, no dots, no escapes, nothing a browser could read as a host (`//`, `/\`), and no page of the sign-in itself.
 */
export function safeNextPath(next: unknown): string | undefined {
  if (typeof next !== 'string' || next.length > 300) return undefined
  const [, , path = ''] = own.exec(next) ?? []
  return own.test(next) && !closed.test(path) ? next : undefined
}

/** Is it a page of the police desk? */
export const isDeskPath = (path: string): boolean => /^\/\w+\/desk(\/|\?|$)/.test(path)
