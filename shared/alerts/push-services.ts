/*
  Where a browser may ask us to push to (RULES G4): an address is only taken from the services of a list, over https. Entries are host names, `*.` for all below one, or the whole origin of a server on this machine for trials.
  Browsers name their service themselves: Chrome and Edge on Android and desktop, Firefox, Safari.
*/
export const usualPushServices = ['fcm.googleapis.com', '*.push.services.mozilla.com', '*.notify.windows.com', '*.push.apple.com', '*.push.samsung.com'] as const

const localOrigin = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost):\d{1,5}$/
const hostEntry = /^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/

/** Is this an entry that such a list may have? */
export const isPushServiceEntry = (entry: string): boolean => hostEntry.test(entry) || localOrigin.test(entry)

/** Does this entry lead to this machine? For trials only. */
export const isLocalPushService = (entry: string): boolean => localOrigin.test(entry)

/** May we push to this address? */
export function isPushAddress(address: string, services: readonly string[]): boolean {
  if (!URL.canParse(address) || address.length > 2000) return false
  const { protocol, hostname, origin, port, username, password, hash } = new URL(address)
  if (username || password || hash) return false
  if (services.some(entry => isLocalPushService(entry) && entry === origin)) return true
  return protocol === 'https:' && port === '' && services.some(entry => entry.startsWith('*.') ? hostname.endsWith(entry.slice(1)) : hostname === entry)
}
