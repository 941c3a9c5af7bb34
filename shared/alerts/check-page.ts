import { z } from 'zod'
import type { AlertCard } from './alert-pages.ts'
import { shownAlertSchema } from './alert-schema.ts'
import { messageTypes } from './alert-words.ts'
import { alertReferenceSchema } from './published-alert.ts'

/** What "is this real?" answers. */
export const checkVerdicts = ['genuine', 'outdated', 'cancelled', 'altered', 'unknown'] as const
export type CheckVerdict = (typeof checkVerdicts)[number]

/** Longer than any alert with what messengers put around it. */
export const checkTextMax = 6000

/** `POST /api/alerts/check` */
export const checkInputSchema = z.object({ text: z.string('required').trim().min(1, 'required').max(checkTextMax, 'textMax').meta({ description: 'A short code, a link, or the message as it was forwarded' }) })

export const checkedMessageSchema = z.object({
  verdict: z.enum(checkVerdicts),
  identifier: z.string().optional().meta({ description: 'The alert that the message is, or was made of' }),
  isExercise: z.boolean().optional(),
  isPartial: z.boolean().optional().meta({ description: 'It quotes only a part: read the whole' }),
  isOnlyAdded: z.boolean().optional().meta({ description: 'Altered by adding alone: what we said is in it word for word' }),
  isComment: z.boolean().optional().meta({ description: 'With isOnlyAdded: nothing in it asks for anything; a comment most likely, and still not ours' }),
  remarks: z.array(z.string()).optional().meta({ description: 'Words of people\'s own around ours that nobody can act on; not ours' }),
  endedBy: alertReferenceSchema.extend({ messageType: z.enum(messageTypes) }).optional().meta({ description: 'The last message about the matter, where that is not this one' }),
  differences: z.array(z.object({ says: z.string().nullable(), weSaid: z.string().nullable() })).optional().meta({ description: 'Of an altered one; null where one side says nothing there' }),
  alert: shownAlertSchema.optional(),
})
export type CheckedMessage = z.infer<typeof checkedMessageSchema>

/** `/alerts/check`; `checked` is shown once and kept nowhere. */
export interface CheckPage {
  checked: (Omit<CheckedMessage, 'alert'> & { card: AlertCard | null, latest: AlertCard | null }) | null
  timeZone: string
  now: string
}
