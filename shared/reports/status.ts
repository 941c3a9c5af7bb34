/** The states of a report (RULES D4). Accepted = `triaged` with `acceptedAt`; Open311 derives open and closed. */
export const statuses = ['received', 'triaged', 'in_progress', 'resolved', 'closed'] as const
export type Status = typeof statuses[number]

/** Why a report is closed. `duplicate` and `withdrawn` come from merging and withdrawing, never from a choice at the desk. */
export const closedReasons = ['no_further_action', 'referred', 'duplicate', 'withdrawn', 'unfounded', 'spam'] as const
export type ClosedReason = typeof closedReasons[number]

/** The reasons that the desk may choose from. */
export const choosableReasons = ['no_further_action', 'referred', 'unfounded', 'spam'] as const satisfies readonly ClosedReason[]

/** States in which the desk still owes the reporter something. */
export const openStatuses = ['received', 'triaged', 'in_progress'] as const satisfies readonly Status[]

const followers: Record<Status, readonly Status[]> = {
  received: ['triaged', 'closed'],
  triaged: ['in_progress', 'resolved', 'closed'],
  in_progress: ['resolved', 'closed'],
  resolved: ['in_progress', 'closed'],
  closed: ['triaged', 'in_progress'],
}

/** The states that may come next; the same table as `private.may_follow` in the database. What the reporter took back stays closed: the desk cannot reopen it. */
export function nextStatuses(status: Status, closedReason?: ClosedReason | null): readonly Status[] {
  return closedReason === 'withdrawn' ? [] : followers[status]
}
