import { z } from 'zod'
import { localeCodes } from '../locales.ts'
import { alertColours } from './alert-words.ts'
import { responseKinds } from './responses.ts'

/**
 * What a push carries, sealed for one browser: server/outbox/messages/alerts.ts writes it, components/enhance/push/show-push.ts reads it. All words are in the subscriber's language already.
 * A worker of an older page may read it: add, never rename.
 */
export const pushMessageSchema = z.object({
  title: z.string().min(1), body: z.string(), url: z.url(), tag: z.string().min(1).meta({ description: 'Of the chain: an update takes the place of what it updates' }), identifier: z.string(),
  colour: z.enum(alertColours).nullable(), isExercise: z.boolean(), sent: z.iso.datetime({ offset: true }), locale: z.enum(localeCodes),
  actions: z.array(z.object({ action: z.enum(responseKinds), title: z.string() })).max(2),
})
export type PushMessage = z.infer<typeof pushMessageSchema>
