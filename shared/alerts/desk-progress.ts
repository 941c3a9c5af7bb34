import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { localeCodes } from '../locales.ts'
import { responseKinds } from './responses.ts'
import { subscriptionChannels } from './subscription-schema.ts'

/* How far a published alert came, and what was answered, as the desk sees it. */

/** Rounded, and null where it would tell of somebody (RULES E3). */
const figure = z.object({ base: z.number().nullable(), count: z.number().nullable() })
export const alertProgressSchema = z.object({
  isWritten: z.boolean(), people: z.number(),
  channels: z.array(z.object({ channel: z.enum(subscriptionChannels), queued: z.number(), sent: z.number(), failed: z.number(), stopped: z.number() })),
  areas: z.array(z.object({ communityId: z.uuid().nullable(), sent: figure, seen: figure })), total: z.object({ sent: figure, seen: figure }),
})
export type AlertProgress = z.infer<typeof alertProgressSchema>

const instant = z.string().meta({ format: 'date-time' })
export const deskResponsesQuerySchema = z.object({ alert: z.string().max(20).optional().meta({ description: 'Identifier of the message' }), kind: z.enum(['help', 'know']).optional(), before: instant.optional() })
export const deskResponsesSchema = z.object({
  open: z.number().meta({ description: 'Calls for help that wait' }),
  responses: z.array(z.object({
    id: z.uuid(), alert: z.string(), kind: z.enum(responseKinds), at: instant, communityId: z.uuid().nullable(), channel: z.string(), locale: z.enum(localeCodes), hasText: z.boolean(),
    cameLate: z.boolean().meta({ description: 'The message was over when it came: it ran out, was cancelled or its all clear was given' }), handledAt: instant.nullable(), handledBy: localisedSchema.nullable(),
  })),
})
export type DeskResponses = z.infer<typeof deskResponsesSchema>
export const responsePathSchema = z.object({ id: z.uuid() })
export const openedResponseSchema = z.object({ alert: z.string(), kind: z.enum(responseKinds), text: z.string().nullable() })
