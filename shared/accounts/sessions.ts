import { z } from 'zod'

export const browserNames = ['chrome', 'edge', 'firefox', 'safari', 'wechat', 'other'] as const
export const systemNames = ['android', 'ios', 'windows', 'macos', 'linux', 'harmony', 'other'] as const
export type Browser = typeof browserNames[number]
export type System = typeof systemNames[number]

export const sessionsSchema = z.object({
  now: z.string(),
  sessions: z.array(z.object({ id: z.uuid(), is_this: z.boolean(), started_at: z.string(), seen_at: z.string().nullable(), browser: z.enum(browserNames).nullable(), system: z.enum(systemNames).nullable() })),
})
export type Sessions = z.infer<typeof sessionsSchema>

/** One session by its id, or all others. */
export const endSessionFormSchema = z.object({ end: z.union([z.literal('others'), z.uuid()], 'choose') })

export interface SessionsPage extends Sessions { timeZone: string, isDone: boolean }
