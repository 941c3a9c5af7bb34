import type { Category, ReferenceData } from '#shared/communities/reference-data'
import { readReferenceData } from '#server/db/communities'
import type { Services } from '../services.ts'

const ttlMilliseconds = 60_000
const kept = new WeakMap<Services, { at: number, data: Promise<ReferenceData> }>()

/** Station, communities and categories; kept for a minute, so that a page costs one call. */
export async function getReferenceData(services: Services, now = Date.now()): Promise<ReferenceData> {
  const known = kept.get(services)
  if (known && now - known.at < ttlMilliseconds) return known.data
  const data = readReferenceData(services.clients)
  kept.set(services, { at: now, data })
  // A failed read is not kept, and an older answer is better than none while the database is away.
  return data.catch((error: unknown) => {
    if (known) { kept.set(services, { at: now, data: known.data }); return known.data }
    kept.delete(services)
    throw error
  })
}

/** What was read is out of date: this portal changed it. Others see it within a minute. */
export function forgetReferenceData(services: Services): void {
  const known = kept.get(services)
  if (known) kept.set(services, { ...known, at: Number.NEGATIVE_INFINITY })
}

/** The category of a code, if it is on the service list. */
export const findCategory = (data: ReferenceData, code: string): Category | undefined => data.categories.find(category => category.code === code)

/** The category of a report that was filed, also when it is no longer on the service list. */
export const filedCategory = (data: ReferenceData, code: string): Category | undefined => findCategory(data, code) ?? data.former.categories.find(category => category.code === code)
