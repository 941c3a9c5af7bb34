/* Closed lists of the roster; the domains of the database have the same, which a test compares. */

export const volunteerKinds = ['patroller', 'information', 'building_contact', 'mediator'] as const
export const volunteerStates = ['applied', 'station_reviewed', 'assessed', 'enrolled', 'active', 'suspended', 'refused', 'left'] as const
export type VolunteerState = (typeof volunteerStates)[number]
export const shiftStates = ['open', 'under_way', 'ended', 'cancelled'] as const
export const placeStates = ['confirmed', 'waiting', 'offered', 'left', 'no_show', 'cancelled'] as const
export const swapStates = ['asked', 'accepted', 'approved', 'refused', 'expired'] as const
export const partsOfDay = ['morning', 'afternoon', 'evening', 'night'] as const
