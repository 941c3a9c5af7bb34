import { unclaimedBlobs } from '#server/db/reports'
import type { Services } from '../services.ts'

/** No upload lasts as long as this: what is older belongs to a draft or a report, or to nothing. */
const leastAgeMs = 24 * 3600 * 1000

export interface Swept { looked: number, orphans: number }

/** Removes files that a crash left behind: written, and the draft or report that was to know them never saved. @param now milliseconds */
export async function sweepFiles(services: Pick<Services, 'clients' | 'blobs'>, now = Date.now()): Promise<Swept> {
  return lookForOrphans(services, now, name => services.blobs.remove(name))
}

/** How many `sweepFiles` would remove now. */
export async function foreseeSweptFiles(services: Pick<Services, 'clients' | 'blobs'>, now = Date.now()): Promise<Swept> {
  return lookForOrphans(services, now, async () => undefined)
}

async function lookForOrphans({ clients, blobs }: Pick<Services, 'clients' | 'blobs'>, now: number, found: (name: string) => Promise<unknown>): Promise<Swept> {
  const swept: Swept = { looked: 0, orphans: 0 }
  for await (const names of blobs.list(new Date(now - leastAgeMs))) {
    const orphans = await unclaimedBlobs(clients, names)
    for (const name of orphans) await found(name)
    swept.looked += names.length
    swept.orphans += orphans.length
  }
  return swept
}
