import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aSignature, grades, ratingActs } from './ratings-builder.ts'
import { aHash, hex64, sealed } from './reports-builder.ts'
import { answers, surveyActs } from './surveys-builder.ts'
import { type World, buildWorld } from './world.ts'

/*
  Issue 8, "It shows" 1: whoever copies the whole database cannot say, among the ballots of a day, who gave which rating or answer, nor which words came with which answer. The
  attacker knows the code, sees every row, column, place on disk and transaction number, and knows in which order people drew. Which answer came from whom is written into it, for the test alone.
*/
// Whatever shuffles stands in this file: it shuffles the ballots of all tests.
let world: World
const { server, verify, aRound, aSister, aDraw, end, spend } = ratingActs(() => world)
const { anOpenSurvey, invite, byBallot, byLink, end: endSurvey } = surveyActs(() => world)
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

interface Lying { place: string, transaction: string }
/** Two tables that are about the same people, as they lie: set side by side in each way that a row of a dump allows → how many fit. */
function setBeside<A extends Lying, B extends Lying>(some: readonly A[], others: readonly B[], fits: (one: A, other: B) => boolean): Record<string, number> {
  const ways = <Row extends Lying>(rows: readonly Row[]) => ({ place: by(rows, placeOf), transaction: by(rows, row => Number(row.transaction)), ...Object.fromEntries(['id', 'token_hash', 'nullifier', 'person'].filter(name => name in (rows[0] ?? {})).map(name => [name, by(rows, row => String(Reflect.get(row, name)))])) })
  const hits = (ones: readonly A[], twos: readonly B[]) => ones.filter((one, at) => twos[at] && fits(one, twos[at])).length
  const sides = Object.entries(ways(some)).flatMap(([one, ones]) => Object.entries(ways(others)).flatMap(([two, twos]) => [[`${one} → ${two}`, hits(ones, twos)], [`${one} → ${two}, backwards`, hits(ones, twos.toReversed())]]))
  const together = some.filter((one) => { const same = others.filter(other => other.transaction === one.transaction); return same.length === 1 && fits(one, same[0]!) }).length
  return { ...Object.fromEntries(sides), 'same transaction': together }
}

describe('a copy of the database after a survey', () => {
  /** The hours of a day in tenths tell 240 people apart. */
  const hoursOf = (who: number) => who / 10
  const dumpOf = async (survey: string) => ({
    answers: await world.sql<(Lying & { id: string, hours: number })[]>`select r.id, (r.answers ->> 'hours')::float as hours, r.ctid::text as place, r.xmin::text as transaction from private.survey_responses r where r.survey_id = ${survey}`,
    texts: await world.sql<(Lying & { id: string, text: string })[]>`select t.id, t.text_sealed as text, t.ctid::text as place, t.xmin::text as transaction from private.survey_texts t where t.survey_id = ${survey}`,
    links: await world.sql<(Lying & { token_hash: string })[]>`select i.token_hash, i.ctid::text as place, i.xmin::text as transaction from private.survey_invitations i where i.survey_id = ${survey} and i.is_used`,
    spends: await world.sql<(Lying & { nullifier: string })[]>`select s.nullifier, s.ctid::text as place, s.xmin::text as transaction from private.ballot_spends s join private.ballot_keys k on k.id = s.key_id where k.occasion_id = ${survey}`,
    draws: await world.sql<(Lying & { person: string })[]>`select d.person, d.ctid::text as place, d.xmin::text as transaction from private.ballot_draws d join private.ballot_keys k on k.id = d.key_id where k.occasion_id = ${survey}`,
  })
  type Seen = Awaited<ReturnType<typeof dumpOf>>
  const whoAnswered = ({ hours }: Seen['answers'][number]) => Math.round(hours * 10)
  const textOf = (who: number) => sealed(`a word of ${who}`)
  /** Every table there is, wherever it lies: those with rows that one of these transactions wrote. */
  async function writtenBy(transactions: readonly string[]) {
    const tables = await world.sql<{ name: string }[]>`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname in ('public', 'private', 'auth') order by 1`
    const found = await Promise.all(tables.map(async ({ name }) => ({ name, rows: (await world.sql.unsafe(`select from ${name} t where t.xmin::text = any($1)`, [transactions as string[]])).length })))
    return found.filter(({ rows }) => rows > 0).map(({ name }) => name)
  }

  it('by ballot: who drew stands beside no answer, and no words beside the answer they came with', async () => {
    const { survey, key } = await anOpenSurvey()
    const order = Array.from({ length: people }, (_, who) => who * 7 % people)
    for (const who of order) {
      await world.sql`insert into private.ballot_draws (key_id, person, blinded_hash, blind_signature, day) values (${key}, ${person(who)}, ${hex64()}, ${aSignature()}, current_date)`
      expect(await byBallot(survey, key, { answers: answers({ hours: hoursOf(who) }), texts: [{ question: 'wish', sealed: textOf(who) }] })).toMatchObject({ ok: true })
    }
    const whoDrew = new Map(order.map(who => [person(who), who]))
    const attack = ({ answers: said, texts, draws, spends }: Seen) => ({
      draws: setBeside(draws, said, (draw, answer) => whoDrew.get(draw.person) === whoAnswered(answer)),
      texts: setBeside(texts, said, (text, answer) => text.text === textOf(whoAnswered(answer))),
      'draws and texts': setBeside(draws, texts, (draw, text) => textOf(whoDrew.get(draw.person) ?? -1) === text.text),
      // The ballot that was spent is nobody's by itself; beside an answer it would be, for whoever keeps their own.
      spends: { 'same transaction': setBeside(spends, said, () => true)['same transaction'] ?? 0 },
    })
    const before = await dumpOf(survey)
    for (const [joined, ways] of Object.entries(attack(before))) expect(Math.max(...Object.values(ways)), `${joined}: an attack that finds nobody before the job would prove nothing`).toBeGreaterThan(people * 0.9)
    expect(await writtenBy(before.answers.map(({ transaction }) => transaction))).toEqual(expect.arrayContaining(['private.answer_networks', 'private.ballot_spends', 'private.survey_responses', 'private.survey_texts']))

    await world.server.rpc('shuffle_ballots')

    const seen = await dumpOf(survey)
    expect([seen.answers, seen.texts, seen.draws, seen.spends].map(rows => [rows.length, new Set(rows.map(({ transaction }) => transaction)).size])).toEqual([[people, 1], [people, 1], [people, 1], [people, 1]])
    for (const [joined, ways] of Object.entries(attack(seen))) for (const [way, found] of Object.entries(ways)) expect(found, `${joined}: ${way}`).toBeLessThanOrEqual(chance)
    // In the same transaction the job forgets how keys of what is over sign: a row of a key is nobody's.
    const shuffled = ['private.ballot_keys', ...(await world.sql<{ name: string }[]>`select name from private.tables_without_order`).map(({ name }) => name)]
    expect((await writtenBy(seen.answers.map(({ transaction }) => transaction))).filter(name => !shuffled.includes(name)), 'no other table has a row of the same transaction').toEqual([])
    for (const later of [1, 2]) {
      await world.server.rpc('shuffle_ballots')
      for (const ways of Object.values(attack(await dumpOf(survey)))) expect(Math.max(...Object.values(ways)), `night ${later + 1}`).toBeLessThanOrEqual(chance)
    }
  }, 60_000)

  it('by link: whoever knows who has which paper does not know what they answered', async () => {
    const { survey } = await anOpenSurvey({ mode: 'invited' })
    const links = Array.from({ length: people }, hex64)
    await invite(survey, links)
    for (let at = 0; at < people; at++) {
      const who = at * 11 % people
      expect(await byLink(survey, links[who]!, { answers: answers({ hours: hoursOf(who) }), texts: [{ question: 'wish', sealed: textOf(who) }] })).toMatchObject({ ok: true })
    }
    const attack = ({ answers: said, texts, links: used }: Seen) => ({
      links: setBeside(used, said, (link, answer) => links[whoAnswered(answer)] === link.token_hash),
      'links and texts': setBeside(used, texts, (link, text) => textOf(links.indexOf(link.token_hash)) === text.text),
    })
    for (const ways of Object.values(attack(await dumpOf(survey)))) expect(Math.max(...Object.values(ways)), 'before the job').toBeGreaterThan(people * 0.9)

    await world.server.rpc('shuffle_ballots')

    for (const [joined, ways] of Object.entries(attack(await dumpOf(survey)))) for (const [way, found] of Object.entries(ways)) expect(found, `${joined}: ${way}`).toBeLessThanOrEqual(chance)
  }, 60_000)

  it('names no answer, no words and no link anywhere else', async () => {
    const { survey, key } = await anOpenSurvey()
    const nullifier = hex64()
    await byBallot(survey, key, { nullifier, texts: [{ question: 'wish', sealed: textOf(1) }] })
    const { answers: [answer], texts: [text] } = await dumpOf(survey)
    const tables = await world.sql<{ name: string }[]>`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname in ('public', 'private', 'auth') order by 1`
    const naming = async (value: string) => (await Promise.all(tables.map(async ({ name }) => ({ name, rows: (await world.sql.unsafe(`select from ${name} t where to_jsonb(t)::text like $1`, [`%${value}%`])).length })))).filter(({ rows }) => rows > 0).map(({ name, rows }) => `${name} ${rows}`)

    expect([await naming(answer!.id), await naming(text!.id), await naming(nullifier)]).toEqual([['private.survey_responses 1'], ['private.survey_texts 1'], ['private.ballot_spends 1']])
  })
})

describe('the job of the night', () => {
  it('loses no rating and no answer that comes while it runs', async () => {
    const [round, survey] = [await aRound(), await anOpenSurvey()]
    let isDay = true
    const nights = (async () => {
      const failed: unknown[] = []
      while (isDay) failed.push((await world.server.rpc('shuffle_ballots')).error)
      return failed.filter(error => error !== null)
    })()

    const came = await Promise.all(Array.from({ length: 300 }, (_, at) => at % 2 ? spend(round.key, { comment_sealed: sealed('a word') }) : byBallot(survey.survey, survey.key, { texts: [{ question: 'wish', sealed: sealed('a word') }] })))

    isDay = false
    expect(came.filter(({ ok }) => !ok)).toEqual([])
    expect(await nights).toEqual([])
    expect((await world.sql`select (select count(*)::integer from private.ratings where subject_id = ${round.subject}) as ratings, (select count(*)::integer from private.survey_responses where survey_id = ${survey.survey}) as answers`)[0]).toEqual({ ratings: 150, answers: 150 })
  }, 60_000)
})

describe('counting', () => {
  it('waits for the job of the night and misses nothing: what was emptied for a moment is not published as empty', async () => {
    const [round, survey] = [await aRound(), await anOpenSurvey()]
    for (let time = 0; time < 12; time++) {
      await spend(round.key)
      await byBallot(survey.survey, survey.key)
    }
    await end(round.round)
    await endSurvey(survey.survey)
    const countRatings = async () => JSON.stringify((((await server('count_due_ratings', {})).periods as { station_id: string, counts: { measure: string, base: number }[] }[]).filter(({ station_id: at }) => at === world.station.home)).flatMap(({ counts }) => counts).filter(({ measure }) => measure === 'knows').map(({ base }) => base))
    const countAnswers = async () => ((await server('list_survey_answers', { survey: survey.survey })).answers as object[]).length
    const before = [await countRatings(), await countAnswers()]

    let counted = Promise.resolve<unknown[]>([])
    await world.sql.begin(async (sql) => {
      await sql`select public.shuffle_ballots()`
      counted = Promise.all([countRatings(), countAnswers()])
      // Both have asked and wait for the tables.
      for (let waiting = 0; waiting < 2;) waiting = (await sql<{ n: number }[]>`select count(distinct l.pid)::integer as n from pg_locks l where not l.granted and l.relation in ('private.ratings'::regclass, 'private.survey_responses'::regclass)`)[0]!.n
    })

    expect(before[1]).toBe(12)
    expect(await counted).toEqual(before)
  })
})

describe('whoever comes while the job of the night has the tables empty', () => {
  it('waits, and finds what is there: nobody draws twice, no link is unknown, no published word is gone', async () => {
    const [round, survey] = [await aRound(), await anOpenSurvey({ mode: 'invited' })]
    const sister = await aSister(round.round)
    await verify('amina_resident')
    const draw = await aDraw('amina_resident', round.key, { elsewhere: [{ key: sister, person: person(1) }] })
    expect(await server('keep_draw', { ...draw, blind_signature: aSignature() })).toMatchObject({ ok: true })
    const elsewhere = await aDraw('amina_resident', sister, { elsewhere: [{ key: round.key, person: draw.person }] })
    const link = hex64()
    await invite(survey.survey, [link])
    const calls: (() => Promise<{ is_drawn?: unknown, code?: unknown, is_used?: unknown }>)[] = [
      () => server('read_ballot_standing', draw), () => server('begin_draw', elsewhere), () => server('keep_draw', { ...elsewhere, blind_signature: aSignature() }), () => server('read_survey_link', { survey: survey.survey, token_hash: link }),
    ]
    await world.sql`update private.verifications set community_id = ${world.community.changLe} where user_id = ${world.person.amina_resident.id}`
    const answers: unknown[] = []
    for (const call of calls) {
      let answer: ReturnType<typeof call> | undefined
      await world.sql.begin(async (sql) => {
        await sql`select public.shuffle_ballots()`
        answer = call()
        for (let isWaiting = false; !isWaiting;) isWaiting = (await sql`select from pg_locks l where not l.granted and l.relation in ('private.ballot_draws'::regclass, 'private.survey_invitations'::regclass)`).length > 0
      })
      const { is_drawn: isDrawn, code, is_used: isUsed } = await answer!
      answers.push([isDrawn, code, isUsed])
    }

    expect(answers).toEqual([[true, undefined, undefined], [undefined, 'ballot_drawn', undefined], [undefined, 'ballot_drawn', undefined], [undefined, undefined, false]])
    await world.sql`update private.verifications set community_id = ${world.community.pingAn} where user_id = ${world.person.amina_resident.id}`
    await end(round.round)
  })
})

describe('the job of the night', () => {
  it('forgets the hours of a round that is over, and links from a messenger that are over; others stay', async () => {
    const [over, open] = [await aRound(), await aRound()]
    for (const { subject } of [over, open]) await server('give_open_rating', { subject, limits: [], ...grades() })
    const [old, good] = [aHash(), aHash()]
    await world.sql`insert into private.ballot_passes (pass_hash, user_id, expires_at) values (${old}, ${world.person.bo_resident.id}, private.clock()), (${good}, ${world.person.bo_resident.id}, private.clock() + interval '1 minute')`
    await end(over.round)

    await world.server.rpc('shuffle_ballots')

    expect(await world.sql`select occasion_id from private.answer_hours where occasion_id in (${over.subject}, ${open.subject})`).toEqual([{ occasion_id: open.subject }])
    expect(await world.sql`select pass_hash from private.ballot_passes where user_id = ${world.person.bo_resident.id}`).toEqual([{ pass_hash: good }])
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
    const marked = async (source: string) => (await world.sql`select from private.ratings where subject_id = ${subject} and source = ${source} and 'network' = any (marks)`).length
    expect([await marked('ballot'), await marked('open')]).toEqual([6, 2])
    const kept = async () => (await world.sql<{ answers: number }[]>`select answers from private.answer_networks where occasion_id = ${subject} and answers > 1 order by answers`).map(({ answers }) => answers)
    expect(await kept()).toEqual([3, 8])
    await end(round)
    await world.server.rpc('shuffle_ballots')
    expect(await kept()).toEqual([])
  })
})
