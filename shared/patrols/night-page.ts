import type { Localised } from '../communities/reference-data.ts'
import type { Night, NightAct, NightPhase } from './night-schema.ts'

/** `/patrols/shifts/{id}`: the one page of a night. Hours are on the station's wall, `20:00`. */
export interface NightPage {
  night: Night
  day: string
  from: string
  to: string
  community: Localised
  type: Localised
  /** Between which hours the roll is called. */
  callsFrom: string
  callsTo: string
  /** Whom to call in danger. */
  police: string
  timeZone: string
  did: NightAct | null
}

/** What a night is for the one who looks: the others wait for their lead to open the roll call; whoever is home is on patrol no longer, though the patrol may be. */
export function standingOf({ phase, leads, mine, rollCall }: Pick<Night, 'phase' | 'leads' | 'mine' | 'rollCall'>): NightPhase | 'waitForLead' | 'home' {
  if (phase === 'roll_call' && !leads && !rollCall.isOpened) return 'waitForLead'
  return phase === 'under_way' && !leads && mine?.outAt ? 'home' : phase
}
