import type { LeadAct, Night, NightPhase } from '#shared/patrols/night-schema'
import { rollCall, rollCallWindow } from '#shared/patrols/roll-call-rules'
import type { DeskActor } from '#server/db/desk-reports'
import { actAsLead, nightQueries, type NightRow } from '#server/db/patrol-nights'
import type { Patroller } from '#server/db/patrols'
import type { Services } from '../services.ts'
import { newSecret } from '../staff/totp.ts'
import { openText, sealText } from '../trust/envelope.ts'
import { shiftCardOf } from './patrol-cards.ts'
import { codesToShow, provenStep } from './roll-call-code.ts'
import { openContact } from './volunteer-contact.ts'

const about = (shift: string) => `roll-call:${shift}`

/** A night as whoever has a place on it, or leads it, sees it. @throws AppError not_found */
export async function readNight(services: Services, who: Patroller, id: string): Promise<Night> {
  const row = await nightQueries(services.clients, who).read(id)
  const { now, shift, leads, mine, night, present, people, secret_sealed: sealed } = row
  const secret = sealed && leads ? openSecret(services, id, sealed) : undefined
  const card = shiftCardOf(shift)
  const { opensAt, closesAt } = rollCallWindow(card.startsAt)
  const isCalling = Date.parse(now) >= Date.parse(opensAt) && Date.parse(now) < Date.parse(closesAt)
  return {
    now, phase: phaseOf(row, isCalling), shift: card, leads, present, startedAt: night?.started_at ?? null, endedAt: night?.ended_at ?? null,
    rollCall: { opensAt, closesAt, isOpened: night !== null, isMine: night?.is_mine ?? false },
    mine: mine && { place: mine.place, state: mine.state, ...presenceOf(mine) },
    people: people && people.map((person) => {
      const contact = person.user_id && person.contact_sealed ? openContact(services, person.user_id, person.contact_sealed) : undefined
      return { place: person.place, name: contact?.name ?? null, phone: contact?.phone ?? null, isMine: person.is_mine, isTrainee: person.is_trainee, state: person.state, ...presenceOf(person) }
    }),
    codes: secret && isCalling ? codesToShow(secret, Date.parse(now)).filter(({ from }) => Date.parse(from) < Date.parse(closesAt)).map(({ code, from }) => ({ code, from })) : [],
  }
}

/** Opens the roll call, or takes it over from a colleague: from then on the caller reads the names. @throws AppError not_found: also for whoever does not lead it, status_order */
export async function openRollCall(services: Services, who: Patroller, id: string): Promise<Night> {
  await nightQueries(services.clients, who).open(id, sealSecret(services, id))
  return readNight(services, who, id)
}

/**
 * Checks in with the code on the lead's phone; one that was entered without network counts for when it was shown, for ten minutes and once.
 * @param code six digits
 * @throws AppError not_found, roll_call_code, roll_call_tries, already_checked_in
 */
export async function checkIn(services: Services, who: Patroller, id: string, code: string) {
  const queries = nightQueries(services.clients, who)
  const { now, secret_sealed: sealed } = await queries.secret(id)
  const { how, present_at: presentAt } = await queries.checkIn(id, provenStep(openSecret(services, id, sealed), code, Date.parse(now)))
  return { how, presentAt }
}

/** Home again. @throws AppError not_found, status_order: not on the way, or home already */
export async function checkOut({ clients }: Services, who: Patroller, id: string) {
  return { hasEnded: (await nightQueries(clients, who).checkOut(id)).has_ended }
}

/** @throws AppError not_found, status_order, reason_missing, not_for_oneself, conflict */
export async function leadPatrol(services: Services, actor: DeskActor, id: string, act: LeadAct): Promise<Night> {
  await actAsLead(services.clients, actor, id, act)
  return readNight(services, actor, id)
}

function phaseOf({ shift, night, now }: NightRow, isCalling: boolean): NightPhase {
  if (shift.state === 'cancelled') return 'cancelled'
  if (shift.state === 'under_way') return 'under_way'
  if (shift.state === 'ended' || night?.ended_at || Date.parse(now) >= Date.parse(shift.ends_at)) return 'ended'
  if (isCalling) return 'roll_call'
  return Date.parse(now) < Date.parse(shift.starts_at) ? 'before' : 'late'
}

const presenceOf = ({ how, present_at: presentAt, out_at: outAt, tries }: Pick<NonNullable<NightRow['mine']>, 'how' | 'present_at' | 'out_at' | 'tries'>) => ({ how, presentAt, outAt, triesLeft: rollCall.tries - tries })

// Under the portal's own key, as the contacts of volunteers: it belongs to no report.
function sealSecret({ keys }: Pick<Services, 'keys'>, shift: string): string {
  const { key, id } = keys.secret('outbox')
  return sealText(key, newSecret(), about(shift), id)
}

const openSecret = ({ keys }: Pick<Services, 'keys'>, shift: string, sealed: string): string => openText(keys.secret('outbox').key, sealed, about(shift))
