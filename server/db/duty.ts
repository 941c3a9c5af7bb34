import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { callLevels } from '#shared/staff/duty-schema'
import { handlingRoles, staffRoles } from '#shared/staff/desk-schema'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })

const shift = z.object({
  id: z.uuid(), staff_id: z.uuid(), name: localisedSchema, role: z.enum(staffRoles), starts_at: instant, ends_at: instant, taken_over_at: instant.nullable(),
  note_sealed: z.string().nullish(), noted_at: instant.nullable(),
})
export type ShiftRow = z.infer<typeof shift>

const dutyNow = done.extend({
  now: instant, is_me: z.boolean(), triage: z.number().nullable(), mine: shift.nullable(), handed_over: shift.nullable(),
  people: z.array(z.object({ staff_id: z.uuid(), name: localisedSchema, role: z.enum(handlingRoles), until: instant.nullable() })),
  next: z.object({ name: localisedSchema, starts_at: instant }).nullable(),
})

const dutyList = done.extend({
  now: instant, time_zone: z.string(), may_plan: z.boolean(), shifts: z.array(shift),
  calls: z.array(z.object({
    reference: z.string(), category: z.string(), urgency: z.enum(['normal', 'urgent']), received_at: instant,
    told: z.array(z.object({ level: z.enum(callLevels), at: instant, people: z.number() })),
    opened: z.object({ at: instant, name: localisedSchema.nullable(), role: z.string() }).nullable(),
  })),
})

const climbed = done.extend({ officer: z.number(), lead: z.number(), chief: z.number(), has_more: z.boolean() })

const addDutyShiftAnswer = done.extend({ shift })
const repeatDutyWeekAnswer = done.extend({ added: z.number(), skipped: z.number() })
const takeOverDutyAnswer = done.extend({ shift })

/** The roster, as a member of staff sees and changes it. The note is sealed by the caller. */
export function dutyQueries(clients: Clients, actor: DeskActor) {
  const own = clients.as(actor.accessToken)
  return {
    now: () => call(own, 'get_duty_now', undefined as never, dutyNow),
    list: (from: string, to: string) => call(own, 'list_duty', { p: { from, to } }, dutyList),
    add: (staff: string, startsAt: string, endsAt: string) => call(own, 'add_duty_shift', { p: { staff, starts_at: startsAt, ends_at: endsAt } }, addDutyShiftAnswer),
    remove: (id: string) => call(own, 'remove_duty_shift', { p_id: id }, done),
    repeat: (week: string, times: number) => call(own, 'repeat_duty_week', { p: { week, times } }, repeatDutyWeekAnswer),
    takeOver: (id: string) => call(own, 'take_over_duty', { p_id: id }, takeOverDutyAnswer),
    note: (id: string, sealed: string | null) => call(clients.server, 'note_duty', { p: { shift: id, note_sealed: sealed, actor: actor.userId, session: actor.sessionId } }, done),
  }
}

const purgeDutyAnswer = done.extend({ removed: z.number(), has_more: z.boolean() })

/** One page of turns whose term is over. */
export function purgeDutyRows({ server }: Clients, { limit, isDry = false }: { limit: number, isDry?: boolean }) {
  return call(server, 'purge_duty', { p: { limit, is_dry: isDry } }, purgeDutyAnswer)
}

/** One page of what nobody has opened in time. */
export function climbReportRows({ server }: Clients) {
  return call(server, 'climb_reports', {}, climbed)
}

/** The same, done and undone. */
export function foreseeClimbRows({ server }: Clients) {
  return call(server, 'foresee_climbs', {}, climbed)
}
