import { z } from 'zod'
import { call, type Clients } from './clients.ts'

const row = z.object({ id: z.string(), purpose: z.string(), wrapped: z.string(), created_at: z.string() })

const listServerKeysAnswer = z.array(row)

/** The portal's own keys, wrapped (RULES B5). */
export function serverKeys({ server }: Clients) {
  return {
    list: () => call(server, 'list_server_keys', undefined as never, listServerKeysAnswer),
    add: (id: string, purpose: string, wrapped: string) => call(server, 'add_server_key', { p_id: id, p_purpose: purpose, p_wrapped: wrapped }, z.string()),
  }
}
