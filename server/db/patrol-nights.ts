import { z } from 'zod'
import { placeStates } from '#shared/patrols/patrol-words'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'
import { shiftCardRow, type Patroller } from './patrols.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const how = z.enum(['code', 'offline', 'lead'])
const presence = { state: z.enum(placeStates), how: how.nullable(), present_at: instant.nullable(), out_at: instant.nullable(), tries: z.number() }
const night = done.extend({
  now: instant, shift: shiftCardRow, leads: z.boolean(), present: z.number(), secret_sealed: z.string().nullable(),
  mine: z.object({ place: z.uuid(), ...presence }).nullable(),
  night: z.object({ opened_at: instant, called_at: instant.nullable(), started_at: instant.nullable(), ended_at: instant.nullable(), is_mine: z.boolean() }).nullable(),
  people: z.array(z.object({ place: z.uuid(), is_mine: z.boolean(), is_trainee: z.boolean(), user_id: z.uuid().nullable(), contact_sealed: z.string().nullable(), ...presence })).nullable(),
})
export type NightRow = z.infer<typeof night>
const rollCall = done.extend({ now: instant, secret_sealed: z.string(), starts_at: instant })

/** The night of a shift. What the portal opens or makes goes by the server, the rest under the token of whoever acts. */
export function nightQueries({ as, server }: Clients, who: Patroller) {
  const by = 'chat' in who ? { chat: who.chat } : { actor: who.userId, session: who.sessionId }
  const [caller, asCaller] = 'chat' in who ? [server, by] as const : [as(who.accessToken), {}] as const
  return {
    read: (shift: string) => call(server, 'read_night', { p: { ...by, shift } }, night),
    open: (shift: string, secretSealed: string) => call(server, 'open_roll_call', { p: { ...by, shift, secret_sealed: secretSealed } }, done),
    secret: (shift: string) => call(server, 'read_roll_call', { p: { ...by, shift } }, rollCall),
    /** @param step of the code; none for one that proves nothing */
    checkIn: (shift: string, step: number | undefined) => call(server, 'check_in', { p: { ...by, shift, ...(step !== undefined && { step }) } }, done.extend({ how, present_at: instant })),
    checkOut: (shift: string) => call(caller, 'check_out', { p: { ...asCaller, shift } }, done.extend({ has_ended: z.boolean() })),
  }
}

/** What whoever leads a patrol does, under their own token. @param act as `leadActSchema` has it */
export const actAsLead = ({ as }: Clients, { accessToken }: DeskActor, shift: string, act: Record<string, unknown>) => call(as(accessToken), 'lead_patrol', { p: { ...act, shift } }, done)
