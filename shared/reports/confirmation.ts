import { z } from 'zod'

/** How long the receipt can be read (RULES C2). */
export const confirmationSeconds = 10 * 60

/** What the page after sending shows. `followed` is a neighbour's report that is followed instead. */
export const confirmationSchema = z.object({
  kind: z.enum(['filed', 'followed']),
  reference: z.string(),
  /** 24 symbols without groups. */
  receipt: z.string(),
  at: z.string(),
  timeZone: z.string(),
  urgency: z.enum(['normal', 'urgent']),
  /** An urgent report came in while the station has nobody on duty: said beside the emergency number (RULES D2). */
  isNobodyOnDuty: z.boolean().optional(),
  /** When a first look, an answer and a visit back are due at the latest. */
  firstLookBy: z.string().optional(),
  answerBy: z.string().optional(),
  revisitBy: z.string().optional(),
  /** Nobody calls or visits: coming back means a letter (RULES D3). */
  isByLetter: z.boolean().optional(),
  /** Without the automatic check it is read after the others (RULES G2). */
  waitsApart: z.boolean().optional(),
  /** With the nonce anybody can check the station's signature over the report. */
  nonce: z.string().optional(),
  statement: z.record(z.string(), z.unknown()).optional(),
})
export type Confirmation = z.infer<typeof confirmationSchema>
