import { keyRotation, type WrappedKey } from '#server/db/key-rotation'
import { aboutReport } from '../reports/report-content.ts'
import type { Services } from '../services.ts'
import { unwrapKey, wrapKey } from './envelope.ts'
import { aboutServerKey, newSigningKey } from './key-ring.ts'

/** Where a wrapped key belongs: authenticated with it, so that it opens nowhere else. */
const aboutOf = ({ kind, id }: WrappedKey) => kind === 'server' ? aboutServerKey(id) : aboutReport(id, kind)

/**
 * Wraps every key that another master key wraps with the first one (RULES B5), in pages (RULES A7). Safe to repeat, to end at any moment
 * and to run beside a working portal: a key changes only where it is still the one that was read.
 * @param onPage hears how many were done so far
 * @returns how many keys each master key wraps now
 * @throws SealError when a key is wrapped by a master key that is not configured
 */
export async function rewrapKeys({ clients, keys: { masterKeys } }: Services, onPage: (rewrapped: number) => void = () => undefined): Promise<{ rewrapped: number, by: Record<string, number> }> {
  const rotation = keyRotation(clients)
  const first = masterKeys[0]?.id ?? ''
  let rewrapped = 0
  for (let after: string | null | undefined; after !== null;) {
    const page = await rotation.page(first, after)
    after = page.after
    if (!page.keys.length) continue
    rewrapped += (await rotation.replace(page.keys.map(key => ({ ...key, rewrapped: wrapKey(masterKeys, unwrapKey(masterKeys, key.wrapped, aboutOf(key)), aboutOf(key)) })))).rewrapped
    onPage(rewrapped)
  }
  return { rewrapped, by: (await rotation.count()).by }
}

/** Portals read their keys when they start: within this time each of them is started anew, one after the other. */
const noticeMs = 24 * 3600 * 1000

/**
 * Adds a signing key that begins to sign after a day; the one before stays in /verify/keys.json, and what it signed goes on verifying.
 * @param now milliseconds
 * @throws AppError conflict, invalid_input when a key waits already
 */
export async function addSigningKey({ clients, keys: { masterKeys, signingKeys } }: Services, now: number): Promise<{ id: string, validFrom: string }> {
  const id = `signing-${Math.max(...signingKeys.map(key => Number(key.id.split('-')[1]))) + 1}`
  const validFrom = new Date(now + noticeMs).toISOString()
  await keyRotation(clients).addSigningKey(id, newSigningKey(masterKeys, id), validFrom)
  return { id, validFrom }
}
