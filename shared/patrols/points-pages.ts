import { z } from 'zod'
import type { OwnPoints } from './points-schema.ts'

/** `/patrols/points`. Instants are shown on the station's wall. */
export interface PointsPage extends OwnPoints {
  timeZone: string
  did: 'asked' | null
}

/** What the page sends: hours on the station's wall, `20:05`. */
export const correctionFormSchema = z.object({
  place: z.uuid('choose'), from: z.string('required').regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'time'), to: z.string('required').regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'time'), why: z.string('required').trim().min(3, 'textMin').max(500, 'textMax'),
})
