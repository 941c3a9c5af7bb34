import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { dayKinds } from '#shared/revisits/calendar'
import { dayCountings, type SetCalendarDayInput } from '#shared/revisits/calendar-schema'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'

const done = z.object({ ok: z.literal(true) })

const getCalendarAnswer = done.extend({
  today: z.string(), counting: z.enum(dayCountings), may_change: z.boolean(),
  days: z.array(z.object({ day: z.string(), kind: z.enum(dayKinds), name: localisedSchema, is_own: z.boolean() })),
})

/** The calendar at the desk; who may change it is decided by the database. */
export function calendarQueries(clients: Clients, actor: DeskActor) {
  const own = clients.as(actor.accessToken)
  return {
    read: () => call(own, 'get_calendar', undefined as never, getCalendarAnswer),
    setDay: (day: SetCalendarDayInput) => call(own, 'set_calendar_day', { p: day as never }, done),
    removeDay: (day: string) => call(own, 'remove_calendar_day', { p_day: day }, done),
    setCounting: (counting: string) => call(own, 'set_day_counting', { p_counting: counting }, done),
  }
}

const fillCalendarAnswer = done.extend({ today: z.string(), changed: z.number() })

/** What the job fills in: within these years the days replace what stood there. */
export function fillCalendarRows({ server }: Clients, given: { years: number[], days: SetCalendarDayInput[], is_dry: boolean }) {
  return call(server, 'fill_calendar', { p: given as never }, fillCalendarAnswer)
}
