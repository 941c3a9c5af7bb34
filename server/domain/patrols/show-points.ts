import type { z } from 'zod'
import type { correctionFormSchema, PointsPage } from '#shared/patrols/points-pages'
import { AppError } from '#shared/errors'
import { dayOf, instantOf } from '#shared/reports/wall-time'
import type { DeskActor } from '#server/db/desk-reports'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { askCorrection, readOwnPoints } from './points.ts'

const usualTimeZone = 'Asia/Shanghai'
const dayMs = 86_400_000

/** The page of one's own hours and points. */
export async function showPoints(services: Services, actor: DeskActor, did: PointsPage['did']): Promise<PointsPage> {
  const [points, { station }] = await Promise.all([readOwnPoints(services, actor), getReferenceData(services)])
  return { ...points, timeZone: station?.time_zone ?? usualTimeZone, did }
}

/** Asks for a correction with hours of the wall: of the days around the patrol those that lie nearest to it. @throws AppError as askCorrection; invalid: no hour of that day */
export async function askFromPage(services: Services, actor: DeskActor, { place, from, to, why }: z.output<typeof correctionFormSchema>): Promise<void> {
  const { hours, timeZone } = await showPoints(services, actor, null)
  const patrol = hours.find(row => row.place === place)
  if (!patrol) throw new AppError('not_found')
  const begins = nearest(from, patrol.startsAt, timeZone)
  const ends = nearest(to, patrol.endsAt, timeZone)
  if (!begins || !ends || begins >= ends) throw new AppError('invalid', {}, { fields: { to: { key: 'patrols.points.order' } } })
  await askCorrection(services, actor, { place, from: begins, to: ends, why })
}

/** The instant nearest to another one at which the wall's clock shows this hour, `20:05`. */
function nearest(hour: string, instant: string, timeZone: string): string | undefined {
  const at = Date.parse(instant)
  const candidates = [-dayMs, 0, dayMs].flatMap(offset => instantOf(dayOf(new Date(at + offset).toISOString(), timeZone), hour, timeZone) ?? [])
  return candidates.sort((one, other) => Math.abs(Date.parse(one) - at) - Math.abs(Date.parse(other) - at))[0]
}
