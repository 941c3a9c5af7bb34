import { randomUUID } from 'node:crypto'
import type { Filed } from './reports-builder.ts'
import type { Staff, World } from './world.ts'

/** The roster and the passing of time, in the world of a test file. */
export function dutyActs(world: () => World) {
  /** Puts somebody on duty, so many minutes from now to so many. */
  async function onDuty(who: Staff, { from = -60, to = 60, takenOver }: { from?: number, to?: number, takenOver?: number } = {}): Promise<string> {
    const id = randomUUID()
    const { person, sql, station } = world()
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000)
    await sql`insert into public.duty_shifts (id, station_id, staff_id, starts_at, ends_at, taken_over_at, set_by)
      values (${id}, ${who === 'chief_far' ? station.far : station.home}, ${person[who].id}, ${at(from)}, ${at(to)}, ${takenOver === undefined ? null : at(takenOver)}, ${person.chief_sun.id})`
    return id
  }

  const clearRoster = () => world().sql`delete from public.duty_shifts where station_id in (${world().station.home}, ${world().station.far})`

  /** Lets minutes pass for one report. */
  const pass = (report: Filed, minutes: number) => world().sql`update public.reports set received_at = received_at - make_interval(mins => ${minutes}) where id = ${report.id}`

  /** Who was mailed about a report, as `template to`. */
  async function mailsOf(report: Filed): Promise<string[]> {
    const { sql, person } = world()
    const names = new Map(Object.entries(person).map(([name, { id }]) => [id, name]))
    const rows = await sql<{ template: string, recipient_id: string, noun: string }[]>`select template, recipient_id, noun from public.outbox where noun_id = ${report.id} and template like 'duty.%' order by id`
    return rows.map(({ template, recipient_id: to }) => `${template} ${names.get(to) ?? to}`).sort()
  }

  return { onDuty, clearRoster, pass, mailsOf }
}
