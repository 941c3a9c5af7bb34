import { purgeExpired } from '#server/db/reports'
import { foreseeRetention } from '#server/db/retention'
import type { Services } from '../services.ts'

export interface Purged { drafts: number, files: number, idempotencyKeys: number, viewSessions: number, challenges: number, rateWindows: number }

/** Removes what lives for hours only: drafts with their files, idempotency keys, view sessions, spent challenges, limit windows. In pages. */
export async function purgeExpiredRows({ clients, blobs }: Services): Promise<Purged> {
  const purged: Purged = { drafts: 0, files: 0, idempotencyKeys: 0, viewSessions: 0, challenges: 0, rateWindows: 0 }
  for (let hasMore = true; hasMore;) {
    const page = await purgeExpired(clients)
    for (const blob of page.blobs) await blobs.remove(blob)
    purged.drafts += page.drafts
    purged.files += page.blobs.length
    purged.idempotencyKeys += page.idempotency_keys
    purged.viewSessions += page.views
    purged.challenges += page.challenges
    purged.rateWindows += page.rate_windows
    hasMore = page.has_more
  }
  return purged
}

/** What `purgeExpiredRows` would remove now; which files go with the drafts is known when they go. */
export async function foreseeExpiredRows({ clients }: Services): Promise<Omit<Record<keyof Purged, number>, 'files'>> {
  const { drafts, idempotency_keys: idempotencyKeys, view_sessions: viewSessions, challenges, rate_windows: rateWindows } = await foreseeRetention(clients)
  return { drafts, idempotencyKeys, viewSessions, challenges, rateWindows }
}
