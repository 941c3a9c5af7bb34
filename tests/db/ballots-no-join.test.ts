import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aSignature, grades, ratingActs } from './ratings-builder.ts'
import { aHash, hex64 } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

/*
  Issue 8, "It shows" 1: whoever copies the whole database cannot say, among the ballots of a day, who gave which rating. The attacker knows the code, sees every
  row, column, place on disk and transaction number, and knows in which order people drew. Which rating came from whom is written into the grades, for the test alone.
*/
// Whatever shuffles stands in this file: it shuffles the ballots of all tests.
let world: World
const { server, aRound, end, spend } = ratingActs(() => world)
const people = 240
/** Of so many rows set side by side at random one is right on average; ten or more happen once in ten million times. */
const chance = 9

beforeAll(async () => world = await buildWorld())
afterAll(() => world?.close())

/** Five grades of one to five tell 3,125 people apart. */
const gradesOf = (who: number) => Object.fromEntries(['familiar', 'satisfied', 'prompt', 'polite', 'effective'].map((name, at) => [name, Math.floor(who / 5 ** at) % 5 + 1]))
const person = (who: number) => aHash(`person ${who}`)

/** A dump: everything there is, and where it lies. */
async function dump(subject: string, key: string) {
  const draws = await world.sql<{ person: string, place: string, transaction: string }[]>`select d.*, d.ctid::text as place, d.xmin::text as transaction from private.ballot_draws d where d.key_id = ${key}`
  const spends = await world.sql<{ place: string, transaction: string, nullifier: string }[]>`select s.*, s.ctid::text as place, s.xmin::text as transaction from private.ballot_spends s where s.key_id = ${key}`
  const ratings = await world.sql<{ place: string, transaction: string, id: string, familiar: number, satisfied: number, prompt: number, polite: number, effective: number }[]>`select r.*, r.ctid::text as place, r.xmin::text as transaction from private.ratings r where r.subject_id = ${subject}`
  return { draws, spends, ratings }
}
type Dump = Awaited<ReturnType<typeof dump>>

const placeOf = ({ place }: { place: string }) => {
  const [page = 0, line = 0] = place.replace(/[()]/g, '').split(',').map(Number)
  return page * 10_000 + line
}
const whoOf = ({ familiar, satisfied, prompt, polite, effective }: Dump['ratings'][number]) => [familiar, satisfied, prompt, polite, effective].reduce((who, grade, at) => who + (grade - 1) * 5 ** at, 0)
const by = <Row>(rows: readonly Row[], number: (row: Row) => number | string) => rows.toSorted((a, b) => number(a) < number(b) ? -1 : number(a) > number(b) ? 1 : 0)

/** Each way of setting draws beside ratings → how many people it finds. */
function attacks({ draws, ratings, spends }: Dump): Record<string, number> {
  const known = new Map(Array.from({ length: people }, (_, who) => [person(who), who]))
  const hits = (ordered: readonly { person: string }[], said: readonly Dump['ratings'][number][]) => ordered.filter((draw, at) => said[at] && known.get(draw.person) === whoOf(said[at])).length
  const orders = {
    draws: { place: by(draws, placeOf), transaction: by(draws, row => Number(row.transaction)), person: by(draws, row => row.person), known: by(draws, row => known.get(row.person) ?? 0) },
    ratings: { place: by(ratings, placeOf), transaction: by(ratings, row => Number(row.transaction)), id: by(ratings, row => row.id), asRead: ratings },
  }
  const beside = by(spends, placeOf)
  const throughSpends = by(ratings, row => beside.findIndex(spent => spent.transaction === row.transaction))
  return {
    ...Object.fromEntries(Object.entries(orders.draws).flatMap(([drawn, ordered]) => Object.entries(orders.ratings).flatMap(([said, rows]) => [[`${drawn} → ${said}`, hits(ordered, rows)], [`${drawn} → ${said}, backwards`, hits(ordered, rows.toReversed())]]))),
    'place → place of the spent ballot': hits(orders.draws.place, throughSpends),
  }
}

describe('a copy of the database', () => {
  it('tells who gave which rating no better than chance once the job of the night has run; before it, the order would', async () => {
    const { subject, key } = await aRound()
    for (let who = 0; who < people; who++) {
      await world.sql`insert into private.ballot_draws (key_id, person, blinded_hash, blind_signature, day) values (${key}, ${person(who)}, ${hex64()}, ${aSignature()}, current_date)`
      expect(await spend(key, { ...gradesOf(who), nullifier: hex64() })).toEqual({ ok: true })
    }
    const before = attacks(await dump(subject, key))
    expect(Math.max(...Object.values(before)), 'an attack that finds nobody before the job would prove nothing').toBeGreaterThan(people * 0.9)

    await world.server.rpc('shuffle_ballots')

    const seen = await dump(subject, key)
    expect([seen.draws, seen.spends, seen.ratings].map(rows => [rows.length, new Set(rows.map(({ transaction }) => transaction)).size])).toEqual([[people, 1], [people, 1], [people, 1]])
    for (const [attack, found] of Object.entries(attacks(seen))) expect(found, attack).toBeLessThanOrEqual(chance)
  }, 60_000)

  it('holds nothing else that would join them: no account, no time but the day, no number that counts up, no line in the log', async () => {
    const columns = await world.sql<{ table_name: string, column_name: string, data_type: string, column_default: string | null }[]>`
      select table_name, column_name, coalesce(domain_name, data_type) as data_type, column_default from information_schema.columns
      where table_schema = 'private' and table_name in ('ballot_draws', 'ballot_spends', 'ratings', 'rating_comments') order by table_name, ordinal_position`
    expect(columns.filter(({ data_type: type }) => /time|serial|bigint|integer|json/.test(type))).toEqual([])
    expect(columns.flatMap(({ column_default: given }) => given ?? []).filter(given => given !== 'gen_random_uuid()')).toEqual(['\'waiting\'::text'])
    const references = await world.sql<{ child: string, parent: string }[]>`select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint where contype = 'f' and conrelid in ('private.ballot_draws'::regclass, 'private.ballot_spends'::regclass, 'private.ratings'::regclass, 'private.rating_comments'::regclass) order by 1, 2`
    expect(references).toEqual([
      { child: 'private.ballot_draws', parent: 'private.ballot_keys' }, { child: 'private.ballot_spends', parent: 'private.ballot_keys' },
      { child: 'private.rating_comments', parent: 'private.rating_subjects' }, { child: 'private.rating_comments', parent: 'staff' }, { child: 'private.ratings', parent: 'private.rating_subjects' },
    ])
    expect(await world.sql`select t.tgrelid::regclass::text as on_table, t.tgname from pg_trigger t where not t.tgisinternal and t.tgrelid in ('private.ballot_draws'::regclass, 'private.ballot_spends'::regclass, 'private.ratings'::regclass, 'private.rating_comments'::regclass)`).toEqual([])
    expect(await world.sql`select distinct action from public.audit_log where action like 'ballot%' or action in ('rating.drawn', 'rating.spent')`).toEqual([])
    expect((await world.sql`select name from private.tables_without_order order by name`).map(({ name }) => name)).toEqual(expect.arrayContaining(['private.ballot_draws', 'private.ballot_spends', 'private.rating_comments', 'private.ratings']))
  })

  it('after the round knows no key that could sign, and after a month no more who drew', async () => {
    const { subject, key } = await aRound()
    await world.sql`insert into private.ballot_draws (key_id, person, blinded_hash, blind_signature, day) values (${key}, ${person(0)}, ${hex64()}, ${aSignature()}, current_date)`
    const keyRow = async () => (await world.sql<{ sealed: string | null, draws: number }[]>`select k.private_sealed as sealed, (select count(*)::integer from private.ballot_draws d where d.key_id = k.id) as draws from private.ballot_keys k where k.id = ${key}`)[0]
    await world.server.rpc('shuffle_ballots')
    expect(await keyRow()).toMatchObject({ sealed: expect.any(String), draws: 1 })

    await world.sql`update private.ballot_keys set opens_at = opens_at - interval '90 days', closes_at = private.clock() - interval '1 day' where id = ${key}`
    await world.server.rpc('shuffle_ballots')
    expect(await keyRow()).toEqual({ sealed: null, draws: 1 })

    await world.sql`update private.ballot_keys set closes_at = private.clock() - interval '31 days' where id = ${key}`
    await world.server.rpc('shuffle_ballots')
    expect(await keyRow()).toEqual({ sealed: null, draws: 0 })
    expect(await world.sql`select from private.rating_subjects where id = ${subject}`).toHaveLength(1)
  })
})

describe('answers from one network', () => {
  it('are marked beyond one in sixty of those that count, the first never, whatever ballots they came with; what the network was is forgotten with the round', async () => {
    const { round, subject, key } = await aRound()
    const network = aHash()
    for (let time = 0; time < 130; time++) await spend(key)
    for (let time = 0; time < 8; time++) expect(await spend(key, { network })).toEqual({ ok: true })
    const another = aHash()
    for (let time = 0; time < 3; time++) expect(await server('give_open_rating', { subject, limits: [], ...grades({ network: another }) })).toEqual({ ok: true })

    // Two of 130 ballots, one of no open answers.
    const marked = async (source: string) => (await world.sql`select from private.ratings where subject_id = ${subject} and source = ${source} and is_marked`).length
    expect([await marked('ballot'), await marked('open')]).toEqual([6, 2])
    const kept = async () => (await world.sql<{ answers: number }[]>`select answers from private.answer_networks where occasion_id = ${subject} and answers > 1 order by answers`).map(({ answers }) => answers)
    expect(await kept()).toEqual([3, 8])
    await end(round)
    await world.server.rpc('shuffle_ballots')
    expect(await kept()).toEqual([])
  })
})
