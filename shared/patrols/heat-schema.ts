import { z } from 'zod'

const count = z.int().min(0)
const rate = z.number().min(0)
const estimate = { byWeek: z.array(count).meta({ description: 'The newest week first.' }), count, rate: rate.meta({ description: 'Reports a week, the recent ones weighing more.' }), low: rate, high: rate.meta({ description: 'With `low`: where the rate lies with 95 % confidence.' }) }

/** `GET /api/desk/patrols/heat`: where and when reports of public categories cluster. */
export const patrolHeatSchema = z.strictObject({
  timeZone: z.string(),
  from: z.iso.date(), until: z.iso.date().meta({ description: 'The last of the 28 days.' }),
  gridIds: z.array(z.uuid()),
  cells: z.array(z.strictObject({ gridId: z.uuid(), weekday: z.int().min(1).max(7).meta({ description: '1 is Monday.' }), band: z.int().min(0).max(11).meta({ description: 'Two hours each, 0 from midnight.' }), ...estimate }))
    .meta({ description: 'Those with a report; every other one is `empty`.' }),
  empty: z.strictObject(estimate),
  size: count.meta({ description: 'How many cells there are.' }),
  count, mean: rate.meta({ description: 'Reports that a cell would have in 28 days, were they spread evenly.' }),
  withoutHour: count, withoutPlace: count,
})
export type PatrolHeat = z.infer<typeof patrolHeatSchema>
