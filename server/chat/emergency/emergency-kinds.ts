/** Which emergency number answers: 110, 119, 120, 122 in mainland China. */
export type EmergencyService = 'police' | 'fire' | 'medical' | 'traffic'

/**
 * Every kind of present danger the rules know, with the service to call first.
 * The order decides which kind names the finding when one text shows several.
 */
export const serviceByKind = {
  self_harm: 'police',
  fire: 'fire',
  gas: 'fire',
  drowning: 'fire',
  abduction: 'police',
  robbery: 'police',
  violence: 'police',
  break_in: 'police',
  traffic: 'traffic',
  trapped: 'fire',
  missing_person: 'police',
  missing_child: 'police',
  medical: 'medical',
  stalking: 'police',
  danger: 'police',
} as const satisfies Record<string, EmergencyService>

/** One of the closed list of dangers; `danger` is a cry for help that does not say what is wrong. */
export type EmergencyKind = keyof typeof serviceByKind
