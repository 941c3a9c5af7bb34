import { randomUUID } from 'node:crypto'
import { type Answer, type Submission, answerOf, sealed } from './reports-builder.ts'
import type { Person, Resident, World } from './world.ts'

const hour = 3600_000
export const inHours = (count: number) => new Date(Date.now() + count * hour).toISOString()

/** What the roster of a test file is arranged with: volunteers and shifts in Ping'an, and the passing of time. */
export function patrolActs(world: () => World) {
  const call = async (who: Person, name: string, p: Submission): Promise<Answer> => answerOf((await world().as(who)).rpc(name, { p }))
  const own = (who: Resident, act: string, changes: Submission = {}) => call(who, 'change_own_place', { act, ...changes })

  /** What the portal sends for an application. */
  async function apply(who: Resident, changes: Submission = {}): Promise<Answer> {
    const [community] = await world().sql<{ slug: string }[]>`select slug from public.communities where id = ${world().community.pingAn}`
    const declarations = { patrol_adult: 1, patrol_conduct: 1, patrol_insurance: 1, patrol_privacy: 1 }
    return answerOf(world().server.rpc('apply_as_volunteer', { p: { ...await world().actor(who), community: community?.slug, kinds: ['patroller'], availability: { 6: ['evening'] }, declarations, contact_sealed: sealed('a phone'), locale: 'zh', ...changes } }))
  }

  /** Puts somebody on the roster as if decided long ago. Without a person: somebody with no account. @param attended shifts behind them */
  async function enrolled(who?: Resident, { state = 'active', attended = 0, kinds = ['patroller'] }: { state?: string, attended?: number, kinds?: string[] } = {}): Promise<string> {
    const id = randomUUID()
    const { sql, station, community, person } = world()
    await sql`insert into public.volunteers (id, station_id, community_id, user_id, kinds, state, created_at, changed_at, no_shows_from)
      values (${id}, ${station.home}, ${community.pingAn}, ${who ? person[who].id : null}, ${kinds}, ${state}, now(), now(), '2020-01-01')`
    for (let number = 1; number <= attended; number++) {
      const past = await aShift({ startsIn: -24 * 40 - 24 * number })
      await sql`insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at, attended_at) select s.id, ${id}, s.period, 'confirmed', false, now(), now() from public.patrol_shifts s where s.id = ${past}`
    }
    return id
  }

  /** A shift that is open to all, so many hours from now. */
  async function aShift({ startsIn = 48, lasts = 2, needed = 2, maximum = 4, kind = 'patroller', firstClaims = -1, skill = null }: { startsIn?: number, lasts?: number, needed?: number, maximum?: number, kind?: string, firstClaims?: number, skill?: string | null } = {}): Promise<string> {
    const id = randomUUID()
    const { sql, station, community } = world()
    await sql`insert into public.patrol_shifts (id, station_id, community_id, type_code, period, needed, maximum, kind, skill_code, first_claims_until, created_at, revised_at)
      values (${id}, ${station.home}, ${community.pingAn}, 'on_foot', tstzrange(${inHours(startsIn)}, ${inHours(startsIn + lasts)}), ${needed}, ${maximum}, ${kind}, ${skill}, ${inHours(firstClaims)}, now(), now())`
    return id
  }

  /** The rule itself, for volunteers without an account. */
  async function signUp(volunteer: string, shift: string): Promise<Answer> {
    const [row] = await world().sql<{ answer: Answer }[]>`select private.sign_up(${volunteer}, ${shift}) as answer`
    return row!.answer
  }

  /** Lets time pass until the shift begins in so many hours. */
  const moveTo = (shift: string, startsIn: number) => world().sql`update public.patrol_shifts s set period = tstzrange(${inHours(startsIn)}, ${inHours(startsIn)}::timestamptz + (upper(s.period) - lower(s.period))) where s.id = ${shift}`
  /** One run of the clock's work over the station of the test. */
  const advance = async () => (await world().sql<{ did: Record<string, number> }[]>`select private.advance_roster(${world().station.home}) as did`)[0]!.did
  const placesOf = async (shift: string) => (await world().sql<{ volunteer_id: string, state: string }[]>`select volunteer_id, state from public.shift_places where shift_id = ${shift} order by queue`).map(({ volunteer_id: volunteer, state }) => ({ volunteer, state }))
  const stateOf = async (shift: string, volunteer: string) => (await placesOf(shift)).filter(place => place.volunteer === volunteer).at(-1)?.state
  const mailsOf = async (noun: string) => (await world().sql<{ template: string, recipient_id: string }[]>`select template, recipient_id from public.outbox where noun_id = ${noun} and noun = 'patrols' order by id`)
    .map(({ template, recipient_id: to }) => `${template} ${Object.entries(world().person).find(([, { id }]) => id === to)?.[0] ?? 'somebody'}`).sort()
  const clear = async () => {
    const { sql, station } = world()
    for (const table of ['shift_swaps where place_id in (select p.id from public.shift_places p join public.patrol_shifts s on s.id = p.shift_id', 'shift_places where shift_id in (select s.id from public.patrol_shifts s'] as const) await sql`delete from public.${sql.unsafe(table)} where s.station_id = ${station.home})`
    await sql`delete from public.outbox where noun = 'patrols' and (noun_id in (select id from public.patrol_shifts where station_id = ${station.home}) or noun_id in (select id from public.volunteers where station_id = ${station.home}))`
    await sql`delete from public.patrol_shifts where station_id = ${station.home}`
    await sql`delete from public.shift_series where station_id = ${station.home}`
    await sql`delete from public.volunteer_steps where volunteer_id in (select id from public.volunteers where station_id = ${station.home})`
    await sql`delete from public.volunteers where station_id = ${station.home}`
  }
  return { call, own, apply, enrolled, aShift, signUp, moveTo, advance, placesOf, stateOf, mailsOf, clear }
}
