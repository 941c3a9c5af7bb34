import type { Localised } from '../communities/reference-data.ts'
import type { Night, NightAct } from './night-schema.ts'

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
