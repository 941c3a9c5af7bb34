import { patrolJobQueries } from '#server/db/patrols'
import type { Services } from '../services.ts'

/** What the clock alone brings about: offers run out, shifts with fewer than two are cancelled, reminders go out, series are written ahead. */
export async function advancePatrols({ clients }: Services) {
  const { ok: _ok, ...did } = await patrolJobQueries(clients).advance()
  return did
}

/** What `advancePatrols` would do now. */
export async function foreseePatrols({ clients }: Services) {
  const { ok: _ok, ...would } = await patrolJobQueries(clients).foresee()
  return would
}
