import { z } from 'zod'
import { revisitLevels } from '../revisits/ladder.ts'

const count = z.number().int().min(0)

/** What waits at the desk now, within what the caller may see. Exact: each number is a list that they can open. */
export const workloadSchema = z.object({
  now: z.iso.datetime({ offset: true }),
  states: z.object({ received: count, triaged: count, in_progress: count }),
  /** New ones that passed no check: they stand beside the inbox and are not in `received`. */
  unverified: count,
  late: z.object({ firstLook: count, answer: count }),
  visits: z.array(z.object({ level: z.enum(revisitLevels), waiting: count, late: count })),
  /** Null: reports without a community. */
  communities: z.array(z.object({ communityId: z.uuid().nullable(), open: count, late: count, visitsLate: count })),
})
export type Workload = z.infer<typeof workloadSchema>

/** Days in the station's time zone; both count in. */
export const exportQuerySchema = z.object({ from: z.iso.date('date').optional(), to: z.iso.date('date').optional() })
