import { longestHours, type AlertColour, type AlertKind, type Certainty, type Severity, type Urgency } from './alert-words.ts'

export interface CapWords { urgency: Urgency, severity: Severity, certainty: Certainty }

/** Levels IV to I and what CAP says for them; the desk may choose otherwise. @see docs/decisions/alert-colours.md */
const proposals: Record<AlertColour, CapWords> = {
  blue: { urgency: 'Future', severity: 'Minor', certainty: 'Possible' },
  yellow: { urgency: 'Expected', severity: 'Moderate', certainty: 'Likely' },
  orange: { urgency: 'Expected', severity: 'Severe', certainty: 'Likely' },
  red: { urgency: 'Immediate', severity: 'Extreme', certainty: 'Observed' },
}
const withoutColour: Record<Exclude<AlertKind, 'warning'>, CapWords> = {
  tip: { urgency: 'Future', severity: 'Minor', certainty: 'Possible' },
  notice: { urgency: 'Expected', severity: 'Minor', certainty: 'Likely' },
  solved: { urgency: 'Past', severity: 'Minor', certainty: 'Observed' },
}

/** What the composer fills in for urgency, severity and certainty. @param colour of a warning; without one, blue */
export function proposeWords(kind: AlertKind, colour: AlertColour | null): CapWords {
  return kind === 'warning' ? proposals[colour ?? 'blue'] : withoutColour[kind]
}

/** Roman numeral of the level, as the law counts: I is the highest. */
export const levelOfColour = { blue: 'IV', yellow: 'III', orange: 'II', red: 'I' } as const satisfies Record<AlertColour, string>

/** Orange and red: a second person looks first, the time to live is short, and red passes quiet hours. */
export const isUrgentColour = (colour: AlertColour | null): boolean => colour === 'orange' || colour === 'red'

/** How many hours after its publication a message may count at most. */
export const longestHoursOf = (colour: AlertColour | null): number => isUrgentColour(colour) ? longestHours.urgent : longestHours.usual

/** Of two colours the more serious comes later; without a colour before all. */
export function compareColours(a: AlertColour | null, b: AlertColour | null): number {
  return rank(a) - rank(b)
}
const ranks: Record<AlertColour, number> = { blue: 1, yellow: 2, orange: 3, red: 4 }
const rank = (colour: AlertColour | null) => colour ? ranks[colour] : 0
