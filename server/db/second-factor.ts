import { z } from 'zod'
import { browserNames, systemNames } from '#shared/accounts/sessions'
import { localisedSchema } from '#shared/communities/reference-data'
import { staffRoles } from '#shared/staff/desk-schema'
import { deskSessionStates } from '#shared/staff/second-factor'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'
import type { Limit } from './reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const facts = z.object({
  state: z.enum(deskSessionStates), now: instant, is_exempt: z.boolean(), has_factor: z.boolean(), codes_left: z.number(),
  proved_at: instant.nullable(), locks_at: instant.nullable(), ends_at: instant.nullable(),
})
export type SessionFacts = z.infer<typeof facts>
const role = z.enum(staffRoles)
const sessions = z.object({
  now: instant,
  sessions: z.array(z.object({
    id: z.uuid(), user_id: z.uuid(), name: localisedSchema, role, is_this: z.boolean(), is_own: z.boolean(), started_at: instant, seen_at: instant.nullable(),
    browser: z.enum(browserNames).nullable(), system: z.enum(systemNames).nullable(), state: z.enum([...deskSessionStates, 'ended']),
  })),
})
const answers = {
  check: z.object({ secret_sealed: z.string(), last_step: z.number() }), begin: z.object({ email: z.string() }), pending: z.object({ secret_sealed: z.string() }), ended: z.object({ ended: z.number() }),
}

/** What a code was found to be: a step of the clock, a recovery code, or neither for a wrong one. */
export interface Outcome { step?: number, recovery_hash?: string }

/** The second factor of whoever is signed in. What takes a secret or a hash is the server's (RULES A2); the rest runs under their own token. */
export function secondFactorQueries({ as, server }: Clients, { accessToken, userId, sessionId }: DeskActor) {
  const own = as(accessToken)
  const byServer = (facts: object) => ({ p: { actor: userId, session: sessionId, ...facts } as never })
  return {
    touch: (isActive: boolean) => call(own, 'touch_staff_session', { p_is_active: isActive }, facts),
    lock: () => call(own, 'lock_staff_session', undefined as never, done),
    check: (limits: Limit[], isKnown: boolean) => call(server, 'check_second_factor', byServer({ limits, is_known: isKnown }), answers.check),
    settle: (limits: Limit[], isKnown: boolean, outcome: Outcome) => call(server, 'settle_second_factor', byServer({ limits, is_known: isKnown, ...outcome }), facts),
    begin: (secretSealed: string) => call(server, 'begin_factor', byServer({ secret_sealed: secretSealed }), answers.begin),
    checkPending: (limits: Limit[]) => call(server, 'check_pending_factor', byServer({ limits }), answers.pending),
    confirm: (limits: Limit[], factor: { secret_sealed: string, step: number, recovery_hashes: string[] }) => call(server, 'confirm_factor', byServer({ limits, ...factor }), facts),
    renewCodes: (recoveryHashes: string[]) => call(server, 'renew_recovery_codes', byServer({ recovery_hashes: recoveryHashes }), done),
    sessions: () => call(own, 'list_staff_sessions', undefined as never, sessions),
    endSessions: (which: { session: string } | { person: string }) => call(own, 'end_staff_sessions', { p: which }, answers.ended),
  }
}

/** For whoever runs the machine. @throws AppError not_found */
export const resetFactorOf = ({ server }: Clients, email: string) => call(server, 'reset_second_factor', { p: { email } }, done)
