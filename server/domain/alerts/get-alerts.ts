import type { PublishedAlert } from '#shared/alerts/published-alert'
import { readAlerts } from '#server/db/alerts'
import type { Services } from '../services.ts'

/** Published messages of the last 400 days, the newest first. `version` changes whenever one is added or ended; `now` is the station's clock. */
export interface Alerts { version: number, now: number, list: PublishedAlert[], byIdentifier: Map<string, PublishedAlert> }

interface Kept { at: number, offset: number, alerts: Omit<Alerts, 'now'> }

/** Another worker's publication is on our pages after this at the latest; residents wait two seconds for it (issue 6, It shows 5). */
const ttlMilliseconds = 1000
const kept = new WeakMap<Services, Kept>()
const asking = new WeakMap<Services, Promise<Kept>>()

/** The published messages; kept, and once a second asked for what changed since: most pages cost no call. */
export async function getAlerts(services: Services, now = Date.now()): Promise<Alerts> {
  const known = kept.get(services)
  const answer = known && now - known.at < ttlMilliseconds ? known : await ask(services, known, now)
  return { ...answer.alerts, now: now + answer.offset }
}

/** This portal published something: the next page asks. */
export function forgetAlerts(services: Services): void {
  const known = kept.get(services)
  if (known) kept.set(services, { ...known, at: Number.NEGATIVE_INFINITY })
  asking.delete(services)
}

/** Many pages at once ask once. */
function ask(services: Services, known: Kept | undefined, now: number): Promise<Kept> {
  const running = asking.get(services)
  if (running) return running
  const answer = read(services, known, now).then(
    (read) => {
      if (asking.get(services) === answer) { kept.set(services, read); asking.delete(services) }
      return read
    },
    (error: unknown) => {
      if (asking.get(services) === answer) asking.delete(services)
      // An older answer is better than none while the database is away.
      if (!known) throw error
      kept.set(services, { ...known, at: now })
      return known
    })
  asking.set(services, answer)
  return answer
}

async function read({ clients }: Services, known: Kept | undefined, now: number): Promise<Kept> {
  const { now: stationNow, number, alerts: changed } = await readAlerts(clients, known?.alerts.version)
  // The clock of a demo station may have been moved (RULES D5); to the second is near enough.
  const offset = Math.round((Date.parse(stationNow) - now) / 60_000) * 60_000
  if (known && changed.length === 0) return { at: now, offset, alerts: { ...known.alerts, version: number } }
  const byIdentifier = new Map(known?.alerts.byIdentifier)
  for (const alert of changed) byIdentifier.set(alert.identifier, alert)
  const list = [...byIdentifier.values()].toSorted((a, b) => Date.parse(b.sent) - Date.parse(a.sent) || a.identifier.localeCompare(b.identifier))
  return { at: now, offset, alerts: { version: number, list, byIdentifier } }
}
