import { z } from 'zod'

/* The calendar of one's patrols that a phone subscribes to. */

export const ownFeedSchema = z.object({
  feed: z.object({
    createdAt: z.string().meta({ format: 'date-time' }),
    lastReadOn: z.iso.date().nullable().meta({ description: 'The day on which a calendar last asked; nothing finer is kept.' }),
  }).nullable(),
})
export type OwnFeed = z.infer<typeof ownFeedSchema>['feed']

/** The address is told once: the database knows a keyed hash of its token. */
export const newFeedSchema = z.object({ address: z.url() })
