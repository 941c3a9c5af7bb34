import { z } from 'zod'

/** The call card, when the emergency rules find present danger in a text. It never stops a report. */
export const emergencyCardSchema = z.strictObject({ kind: z.string(), service: z.string(), number: z.string() })
