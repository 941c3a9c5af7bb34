import type { VolunteerState } from './patrol-words.ts'

/** Everything that the desk decides about a volunteer. */
export const volunteerActs = ['review', 'assess', 'enrol', 'activate', 'refuse', 'suspend', 'resume', 'unlock'] as const
export type VolunteerAct = (typeof volunteerActs)[number]

/** From where each act leads on; private.volunteer_step has the same. A lock is apart from the state: `unlock` asks for one. */
const actsFrom: Record<VolunteerState, readonly VolunteerAct[]> = {
  applied: ['review', 'refuse'], station_reviewed: ['assess', 'refuse'], assessed: ['enrol', 'refuse'], enrolled: ['activate', 'suspend'], active: ['suspend'], suspended: ['resume'], refused: [], left: [],
}

/** Shifts a trainee has been out before becoming active. */
export const traineeShifts = 3

export interface DecidedOn { state: VolunteerState, isLocked: boolean, attended: number, reviewedBy: string | null }

/**
 * What somebody at the desk may decide about a volunteer now. Officers review new applications; all else is for lead and chief, and the assessment for another person than the reviewer.
 * That nobody decides about themselves only the database knows: it keeps apart who a volunteer is.
 */
export function actsFor({ state, isLocked, attended, reviewedBy }: DecidedOn, { id, role }: { id: string, role: string }): VolunteerAct[] {
  const isLead = role === 'lead' || role === 'chief'
  if (!isLead && !(role === 'officer' && state === 'applied')) return []
  return [...actsFrom[state], ...isLead && isLocked ? ['unlock' as const] : []]
    .filter(act => (act !== 'assess' || reviewedBy !== id) && (act !== 'activate' || attended >= traineeShifts))
}
