import { z } from 'zod'
import { sessionsSchema } from '#shared/accounts/sessions'
import { call, type Clients } from './clients.ts'

const endMySessionsAnswer = z.object({ ok: z.literal(true), ended: z.number() })

/** Where an account is signed in, under its own token. */
export function sessionQueries({ as }: Clients, { accessToken }: { accessToken: string }) {
  const client = as(accessToken)
  return {
    list: ({ browser, system }: { browser: string, system: string }) => call(client, 'list_my_sessions', { p_browser: browser, p_system: system }, sessionsSchema),
    end: (id: string | undefined) => call(client, 'end_my_sessions', id === undefined ? {} : { p_id: id }, endMySessionsAnswer),
  }
}
