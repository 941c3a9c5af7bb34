/** What messengers and browsers add to a link that they pass on. */
const addedByMessengers = /^(?:utm_\w+|from|isappinstalled|scene|fbclid)$/

/**
 * Tells a link of the portal from every other: same scheme, host and port, nobody named before the host.
 * A link to an alert of ours is the same as its code.
 */
export function readLink(written: string, publicUrl: string): { kind: 'code' | 'own_link' | 'link', key: string } {
  const foreign = { kind: 'link', key: `link:${written.replace(/^https?:\/\//, '').replace(/\/$/, '')}` } as const
  const own = new URL(publicUrl)
  const link = URL.parse(/^https?:\/\//.test(written) ? written : `${own.protocol}//${written}`)
  if (!link || link.origin !== own.origin || link.username || link.password) return foreign
  if ([...link.searchParams.keys()].some(name => !addedByMessengers.test(name))) return foreign
  const code = /\/alerts\/lla-([0-9a-z]{4}-[0-9a-z]{4})(?:\.\w+)*\/?$/.exec(link.pathname)?.[1]
  return code ? { kind: 'code', key: codeOf(code) } : { kind: 'own_link', key: 'own' }
}

/** Crockford's base 32: O is read as 0, I and L as 1. */
export function codeOf(written: string): string {
  return written.toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
}
