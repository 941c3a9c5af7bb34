import type { NightPage } from '#shared/patrols/night-page'
import type { NightAct, NightForm } from '#shared/patrols/night-schema'
import type { DeskActor } from '#server/db/desk-reports'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { checkIn, checkOut, leadPatrol, openRollCall, readNight } from './night.ts'
import { clockOf, onTheWall } from './on-the-wall.ts'
import { readTerms } from './own-patrols.ts'

/** The page of a night. @throws AppError not_found: no place on it, and nothing to lead */
export async function showNight(services: Services, actor: DeskActor, id: string, { did, police }: Pick<NightPage, 'did' | 'police'>): Promise<NightPage> {
  const [night, { communities, station }, { types }] = await Promise.all([readNight(services, actor, id), getReferenceData(services), readTerms(services)])
  const timeZone = station?.time_zone ?? 'Asia/Shanghai'
  const { shift, rollCall } = night
  return {
    night, ...onTheWall(shift.startsAt, shift.endsAt, timeZone), callsFrom: clockOf(rollCall.opensAt, timeZone), callsTo: clockOf(rollCall.closesAt, timeZone), timeZone, did, police,
    community: communities.find(({ slug }) => slug === shift.community)?.name ?? { zh: shift.community, en: shift.community }, type: types.find(({ code }) => code === shift.type)?.name ?? { zh: shift.type, en: shift.type },
  }
}

/** What the page's buttons do. → what was done @throws AppError as checkIn, checkOut, openRollCall and leadPatrol */
export async function actOnNight(services: Services, actor: DeskActor, id: string, form: NightForm): Promise<NightAct> {
  switch (form.act) {
    case 'enter': await checkIn(services, actor, id, form.code); break
    case 'open': await openRollCall(services, actor, id); break
    case 'out': await checkOut(services, actor, id); break
    default: await leadPatrol(services, actor, id, form)
  }
  return form.act
}
