import { z } from 'zod'
import { call, type Clients } from './clients.ts'

const wrappedKey = z.object({ kind: z.enum(['server', 'content', 'contact']), id: z.string(), wrapped: z.string() })
/** A key under a master key: of the portal, or of a report's content or contact. */
export type WrappedKey = z.infer<typeof wrappedKey>

const done = z.object({ ok: z.literal(true) })
const answers = { page: done.extend({ keys: z.array(wrappedKey), after: z.uuid().nullable() }), replace: done.extend({ rewrapped: z.number() }), count: done.extend({ by: z.record(z.string(), z.number()) }) }

/** Rotation of keys: the server's alone. */
export function keyRotation({ server }: Clients) {
  return {
    page: (to: string, after?: string | null) => call(server, 'keys_to_rewrap', { p_to: to, ...(after && { p_after: after }) }, answers.page),
    replace: (keys: (WrappedKey & { rewrapped: string })[]) => call(server, 'rewrap_keys', { p_keys: keys as never }, answers.replace),
    count: () => call(server, 'count_wrapped_keys', undefined as never, answers.count),
    addSigningKey: (id: string, wrapped: string, validFrom: string) => call(server, 'add_signing_key', { p_id: id, p_wrapped: wrapped, p_valid_from: validFrom }, done),
  }
}
