import { randomBytes } from 'node:crypto'
import { type Submission, aHash, answerOf, hex64, sealed } from './reports-builder.ts'
import type { Person, World } from './world.ts'

/** A key of the form that the portal makes; what it signs the database never checks. */
export const aSpki = () => randomBytes(294).toString('base64url')
export const aSignature = () => randomBytes(256).toString('base64url')
export const grades = (changes: Submission = {}) => ({ knows: true, familiar: 4, satisfied: 5, prompt: 4, polite: 5, effective: null, network: aHash(), ...changes })

/** What the tests about ratings do. */
export function ratingActs(world: () => World) {
  /** As the portal calls, with the secret key. */
  const server = (name: string, p: Submission) => answerOf(world().server.rpc(name, Object.keys(p).length ? { p } : {}))
  const own = async (who: Person, name: string, p: Submission) => answerOf((await world().as(who)).rpc(name, { p }))
  const verify = (who: Person, by: Person | null = null) => world().sql`
    insert into private.verifications (user_id, community_id, method, confirmed_by, verified_on) values (${world().person[who].id}, ${world().community.pingAn}, ${by ? 'officer' : 'code'}, ${by ? world().person[by].id : null}, current_date)
    on conflict (user_id) do update set community_id = excluded.community_id, method = excluded.method, confirmed_by = excluded.confirmed_by`
  let made = 0
  /** A round that is open now and about officer Wang of Ping'an, with the key of its ballots. */
  async function aRound({ hours = 24, station = 'home' as 'home' | 'far' } = {}) {
    const { sql, person, community } = world()
    const [round] = await sql<{ id: string }[]>`insert into private.rating_rounds (station_id, month, opens_at, closes_at) values (${world().station[station]}, date '1950-01-01' + make_interval(months => ${made++}), private.clock() - interval '1 hour', private.clock() + make_interval(hours => ${hours})) returning id`
    const [subject] = await sql<{ id: string }[]>`insert into private.rating_subjects (round_id, community_id, officer_id, eligible) values (${round!.id}, ${community.pingAn}, ${person.officer_wang.id}, 40) returning id`
    const key = await server('keep_ballot_key', {
      occasion: 'rating', occasion_id: subject!.id, community: community.pingAn, officer: person.officer_wang.id, spki: aSpki(), private_sealed: sealed('private key'),
      opens_at: new Date(Date.now() - 3_600_000).toISOString(), closes_at: new Date(Date.now() + hours * 3_600_000).toISOString(),
    })
    return { round: round!.id, subject: subject!.id, key: key.id as string }
  }
  /** The same round about officer Li of Chang'le. */
  async function aSister(round: string) {
    const { sql, person, community } = world()
    const [subject] = await sql<{ id: string }[]>`insert into private.rating_subjects (round_id, community_id, officer_id, eligible) values (${round}, ${community.changLe}, ${person.officer_li.id}, 40) returning id`
    const key = await server('keep_ballot_key', {
      occasion: 'rating', occasion_id: subject!.id, community: community.changLe, officer: person.officer_li.id, spki: aSpki(), private_sealed: sealed('private key'),
      opens_at: new Date(Date.now() - 3_600_000).toISOString(), closes_at: new Date(Date.now() + 24 * 3_600_000).toISOString(),
    })
    return key.id as string
  }
  const end = async (round: string) => {
    await world().sql`update private.rating_rounds set opens_at = opens_at - interval '60 days', closes_at = private.clock() - interval '1 minute', closed_at = private.clock() where id = ${round}`
    await world().sql`update private.answer_hours n set closes_at = private.clock() - interval '1 minute' from private.rating_subjects s where s.round_id = ${round} and n.occasion_id = s.id`
    await world().sql`update private.answer_networks n set closes_at = private.clock() - interval '1 minute' from private.rating_subjects s where s.round_id = ${round} and n.occasion_id = s.id`
    await world().sql`update private.ballot_keys k set opens_at = k.opens_at - interval '60 days', closes_at = private.clock() - interval '1 minute' from private.rating_subjects s where s.round_id = ${round} and k.occasion_id = s.id`
  }
  const aDraw = async (who: Person, key: string, changes: Submission = {}) => ({ ...await world().actor(who), key, person: aHash(`${key} ${who}`), blinded_hash: hex64(), ...changes })
  const spend = (key: string, changes: Submission = {}) => server('spend_rating', { key, nullifier: hex64(), ...grades(), ...changes })
  return { server, own, verify, aRound, aSister, end, aDraw, spend }
}
