import type { Localised } from '#shared/communities/reference-data'
import type { OwnPatrols } from '#shared/patrols/patrol-schema'
import { availabilityOf, type ApplyPage, type MyPatrolsPage, type OwnAct, type OwnForm, type PatrolsPage, type ShiftOnPage } from '#shared/patrols/patrol-pages'
import { AppError } from '#shared/errors'
import { rollCallWindow } from '#shared/patrols/roll-call-rules'
import type { DeskActor } from '#server/db/desk-reports'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { endFeed, readOwnFeed } from './calendar-feed.ts'
import { onTheWall } from './on-the-wall.ts'
import { changeOwnPlace, changeOwnVolunteering, listPublicPatrols, readOwnPatrols, readTerms } from './own-patrols.ts'

const usualTimeZone = 'Asia/Shanghai'
/** As private.offer_places has it. */
const noWaitingMs = 3 * 3_600_000

/** What everybody sees of patrols; whoever is signed in is told apart only by whether they are on the roster. */
export async function showPatrols(services: Services, actor?: DeskActor): Promise<PatrolsPage> {
  const [{ patrols }, { communities }, own] = await Promise.all([listPublicPatrols(services), getReferenceData(services), actor && readOwnPatrols(services, actor)])
  const days = [...new Set(patrols.map(({ day }) => day))]
  const nameOf = (slug: string) => communities.find(community => community.slug === slug)?.name
  return {
    days: days.map(day => ({ day, communities: patrols.filter(patrol => patrol.day === day).flatMap(({ community }) => nameOf(community) ?? []) })),
    isVolunteer: Boolean(own?.volunteer),
  }
}

/** The form of an application; null for whoever is on the roster already. */
export async function showApplication(services: Services, actor: DeskActor): Promise<ApplyPage | null> {
  const [{ declarations }, { communities }, { volunteer }] = await Promise.all([readTerms(services), getReferenceData(services), readOwnPatrols(services, actor)])
  if (volunteer && volunteer.state !== 'left') return null
  return {
    communities: communities.map(({ slug, name }) => ({ slug, name })),
    declarations: declarations.map(({ purpose, version, title, body }) => ({ tick: `${purpose}.${version}`, title, body })),
  }
}

/** One's own page. `swap`: the id out of a colleague's link. */
export async function showOwnPatrols(services: Services, actor: DeskActor, { swap, did, feedAddress }: Pick<MyPatrolsPage, 'swap' | 'did' | 'feedAddress'>): Promise<MyPatrolsPage> {
  const [{ now, volunteer, shifts, history }, { communities, station }, { types }, feed] = await Promise.all([readOwnPatrols(services, actor), getReferenceData(services), readTerms(services), readOwnFeed(services, actor)])
  const timeZone = station?.time_zone ?? usualTimeZone
  const names = { community: new Map(communities.map(({ slug, name }) => [slug, name])), type: new Map(types.map(({ code, name }) => [code, name])) }
  const shown = shifts.map(shift => shiftOnPage(shift, names, timeZone, now))
  const isOffer = ({ mine }: ShiftOnPage) => mine?.state === 'offered'
  return {
    volunteer, offers: shown.filter(isOffer), own: shown.filter(shift => shift.mine && !isOffer(shift)), open: shown.filter(({ mine }) => !mine),
    history: history.filter(({ shift }) => shown.every(({ id }) => id !== shift)).map(({ shift, startsAt, endsAt, state }) => ({ id: shift, ...onTheWall(startsAt, endsAt, timeZone), isMissed: state === 'no_show' })),
    swap: volunteer ? swap : null, feed, feedAddress, did, publicUrl: services.settings.publicUrl, timeZone, now,
  }
}

/**
 * What the page's buttons do. → what was done, for the page that follows
 * @throws AppError as changeOwnPlace and changeOwnVolunteering; sign_in_required is the caller's
 */
export async function actOnOwnPatrols(services: Services, actor: DeskActor, form: Exclude<OwnForm, { act: 'feed_make' }>): Promise<OwnAct> {
  switch (form.act) {
    case 'appeal':
      await changeOwnVolunteering(services, actor, { act: 'appeal', note: form.note })
      return 'appeal'
    case 'left':
      await changeOwnVolunteering(services, actor, { act: 'leave' })
      return 'left'
    case 'availability':
      await changeOwnVolunteering(services, actor, { act: 'availability', availability: availabilityOf(form.times) })
      return 'availability'
    case 'feed_end':
      await endFeed(services, actor)
      return 'feed_end'
    case 'accept_swap': case 'withdraw_swap':
      await changeOwnPlace(services, actor, form.act, { swap: form.swap })
      return form.act
    default: {
      const { state } = await changeOwnPlace(services, actor, form.act, { shift: form.shift })
      return form.act === 'sign_up' && state === 'waiting' ? 'queued' : form.act
    }
  }
}

/** Ticks of declarations, `patrol_conduct.1`, as versions by purpose. @throws AppError invalid: the boxes of the page were not all ticked */
export function declaredVersions(ticks: readonly string[], asked: ApplyPage['declarations']): Record<string, number> {
  const missing = asked.find(({ tick }) => !ticks.includes(tick))
  if (missing) throw new AppError('invalid', {}, { fields: { declarations: { key: 'patrols.apply.tickAll' } } })
  return Object.fromEntries(asked.map(({ tick }) => tick.split('.')).map(([purpose = '', version]) => [purpose, Number(version)]))
}

function shiftOnPage(shift: OwnPatrols['shifts'][number], names: Record<'community' | 'type', Map<string, Localised>>, timeZone: string, now: string): ShiftOnPage {
  const asIs = (text: string): Localised => ({ zh: text, en: text })
  return {
    id: shift.id, ...onTheWall(shift.startsAt, shift.endsAt, timeZone), community: names.community.get(shift.community) ?? asIs(shift.community), type: names.type.get(shift.type) ?? asIs(shift.type), route: shift.route?.name ?? null,
    needed: shift.needed, maximum: shift.maximum, confirmed: shift.confirmed, waiting: shift.waiting, isSoon: Date.parse(shift.startsAt) - Date.parse(now) <= noWaitingMs, isNight: shift.mine?.state === 'confirmed' && shift.state !== 'cancelled' && Date.parse(now) >= Date.parse(rollCallWindow(shift.startsAt).opensAt), isCancelled: shift.state === 'cancelled', cancelledReason: shift.cancelledReason, firstClaimsUntil: shift.firstClaimsUntil,
    mine: shift.mine && { state: shift.mine.state, offeredUntil: shift.mine.offeredUntil, swap: shift.mine.swap }, gap: shift.gap,
  }
}
