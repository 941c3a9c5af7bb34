/*
  Where a conversation stands between two turns. Sealed when it is kept; read again by another process, perhaps of another version.
  Raise `stateVersion` when the meaning of a field changes: a state of another version starts anew, with a sentence.
*/
import { z } from 'zod'

export const stateVersion = 1

/** A dialogue in progress. What `slots` holds is the intent's own business and parsed by its schema. */
const dialogueSchema = z.object({
  intent: z.string(),
  /** Of this dialogue: outside effects carry keys derived from it, so that a repeat after a crash does nothing twice. */
  id: z.uuid(),
  /** The number of the turn that began it: from there on its words are forgotten when they stand in a report. */
  fromTurn: z.number().int(),
  step: z.string(),
  slots: z.record(z.string(), z.unknown()),
  /** Milliseconds by the station's clock: afterwards nothing is taken for its answer. */
  until: z.number().optional(),
})
export type Dialogue = z.infer<typeof dialogueSchema>

export const dialogueStateSchema = z.object({
  version: z.literal(stateVersion),
  dialogue: dialogueSchema.optional(),
  /** The choices offered last: whoever types a label or its number means the choice. */
  offered: z.array(z.object({ id: z.string(), label: z.string() })).default([]),
  /** How often in a row nothing was understood: 1 asks to rephrase, 2 offers a person. */
  misses: z.number().int().default(0),
  /** The question that "did you mean" is about. */
  question: z.string().optional(),
  /** A report opened by receipt: a view session of thirty minutes, never the receipt (RULES C2). */
  report: z.object({ reference: z.string(), token: z.string() }).optional(),
  /** The resident's community, once they named it. */
  community: z.string().optional(),
})
export type DialogueState = z.infer<typeof dialogueStateSchema>

/** The state of a conversation that begins. */
export const newState = (): DialogueState => ({ version: stateVersion, offered: [], misses: 0 })

/** A kept state, or undefined when it is of another version or does not parse: the conversation starts anew. */
export function parseState(kept: unknown): DialogueState | undefined {
  return dialogueStateSchema.safeParse(kept).data
}
