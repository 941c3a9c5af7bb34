import { setUpQueries, type StationWish } from '#server/db/set-up'
import type { Services } from '../services.ts'

export type { StationWish }

/** What stands of an installation: its station, its first people, invitations that wait. */
export async function readSetUp({ clients }: Services) {
  const { is_demo: isDemo, station, chiefs, admins, auditors, invited } = await setUpQueries(clients).read()
  return { isDemo, station, chiefs, admins, auditors, invited: invited.map(({ role, badge_number: badgeNumber, expires_at: expiresAt }) => ({ role, badgeNumber, expiresAt })) }
}

/**
 * Makes the station; one that stands is changed only with `isChange`, its slug never.
 * @throws AppError invalid_input, forbidden on a demo's database
 */
export async function setUpStation({ clients }: Services, wish: StationWish & { isChange: boolean }) {
  const { station, is_new: isNew, differs } = await setUpQueries(clients).save(wish)
  return { station, isNew, differs }
}
