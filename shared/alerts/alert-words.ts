/* Closed lists of the alerts. The domains of the database (…_alerts_create.sql) say the same; a test compares them. */

/** @see CAP 1.2 §3.2.1 msgType; an all clear is an Update with responseType AllClear there. */
export const messageTypes = ['alert', 'update', 'cancel', 'all_clear'] as const
export type MessageType = (typeof messageTypes)[number]

export const alertKinds = ['warning', 'tip', 'solved', 'notice'] as const
export type AlertKind = (typeof alertKinds)[number]

/** Levels IV to I of the Emergency Response Law, the lowest first. Warnings alone have one. */
export const alertColours = ['blue', 'yellow', 'orange', 'red'] as const
export type AlertColour = (typeof alertColours)[number]

/** @see CAP 1.2 §3.2.2 category */
export const capCategories = ['Geo', 'Met', 'Safety', 'Security', 'Rescue', 'Fire', 'Health', 'Env', 'Transport', 'Infra', 'CBRNE', 'Other'] as const
/** @see CAP 1.2 §3.2.2 urgency */
export const urgencies = ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'] as const
export type Urgency = (typeof urgencies)[number]
/** @see CAP 1.2 §3.2.2 severity */
export const severities = ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'] as const
export type Severity = (typeof severities)[number]
/** @see CAP 1.2 §3.2.2 certainty */
export const certainties = ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'] as const
export type Certainty = (typeof certainties)[number]

export const areaKinds = ['station', 'community', 'grid', 'polygon', 'circle'] as const

/** What the desk sees of a row; residents see published ones only. */
export const alertStates = ['draft', 'in_review', 'published', 'discarded'] as const
export type AlertState = (typeof alertStates)[number]

/** What a published one is worth now. */
export const effectiveStates = ['current', 'expired', 'superseded', 'cancelled', 'cleared'] as const
export type EffectiveState = (typeof effectiveStates)[number]

/** In characters; private.is_alert_text has the same. Headline: 140 as in Google's CAP profile. */
export const alertTextLimits = { headline: { least: 4, most: 140 }, description: { least: 4, most: 2000 }, instruction: 1000 } as const
/** How long after its publication an alert may count; orange and red ones say "now" and must be renewed. */
export const longestHours = { usual: 30 * 24, urgent: 72 } as const
