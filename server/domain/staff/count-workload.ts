import { workloadQueries } from '#server/db/workload'
import type { Workload } from '#shared/staff/workload'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'

/** What waits at the desk now, in numbers. @throws AppError forbidden for all but those who see reports */
export async function countWorkload({ clients }: Services, actor: Actor): Promise<Workload> {
  const { now, states, unverified, late, visits, communities } = await workloadQueries(clients, actor).count()
  return {
    now, states, unverified, visits, late: { firstLook: late.first_look, answer: late.answer },
    communities: communities.map(({ community_id: communityId, open, late, visits_late: visitsLate }) => ({ communityId, open, late, visitsLate })),
  }
}
