import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publicFunctions } from './function-matrix.ts'
import { aSignature, ratingActs } from './ratings-builder.ts'
import { aHash, hex64, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const { server, verify, aRound, aSister, end, aDraw, spend } = ratingActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
  await verify('amina_resident')
})
afterAll(() => world?.close())

const person = (who: Person, key: string) => ({ key, person: hashOf(key, who) })
/** The same for the same person and key, as the portal's keyed hash is. */
const hashOf = (key: string, who: Person) => aHash(`${key} ${who}`)
const draws = async (who: Person, key: string, sisters: string[]) => ({ ...await aDraw(who, key, { person: hashOf(key, who) }), elsewhere: sisters.map(sister => person(who, sister)), blind_signature: aSignature() })

describe('officer Wang, who wants to know who said what', () => {
  it.each(['officer_wang', 'lead_zhao', 'chief_sun', 'auditor_wu', 'admin_zheng'] as const)('finds no single rating by any function that %s may call, while the round is open or after it', async (who) => {
    const { round, subject, key } = await aRound()
    await spend(key, { satisfied: 1, polite: 2, comment_sealed: sealed('他从来不来') })
    await server('keep_draw', await draws('amina_resident', key, []))
    const secrets = [
      ...(await world.sql<{ id: string }[]>`select id from private.ratings where subject_id = ${subject}`), ...(await world.sql<{ id: string }[]>`select nullifier as id from private.ballot_spends where key_id = ${key}`),
      ...(await world.sql<{ id: string }[]>`select text_sealed as id from private.rating_comments where subject_id = ${subject}`), ...(await world.sql<{ id: string }[]>`select person as id from private.ballot_draws where key_id = ${key}`),
    ].map(({ id }) => id)
    expect(secrets).toHaveLength(4)
    const client = await world.as(who)
    const said = async () => {
      const answers: string[] = []
      for (const [name, { args }] of Object.entries(publicFunctions)) {
        if (!/rating|ballot|figure|survey|audit|export|search|list_|read_|get_/.test(name)) continue
        for (const p of ['p' in args ? { p: { subject, key, round, id: subject, actor: world.person[who].id } } : args, args]) answers.push(JSON.stringify((await client.rpc(name, p)).data ?? null))
      }
      for (const table of ['audit_log', 'figure_releases']) answers.push(JSON.stringify((await client.from(table).select('*')).data ?? null))
      return answers.join('\n')
    }

    const open = await said()
    await end(round)
    const over = await said()

    expect(open.length, 'something was answered at all').toBeGreaterThan(2_000)
    expect(secrets.filter(secret => open.includes(secret) || over.includes(secret))).toEqual([])
  })

  it('finds no line of the log about who drew or what was said, and no line that names a resident', async () => {
    const { subject, key } = await aRound()
    const before = (await world.sql<{ id: string }[]>`select id::text from public.audit_log`).length
    await server('keep_draw', await draws('amina_resident', key, []))
    await spend(key, { comment_sealed: sealed('谢谢') })
    await server('give_open_rating', { subject, limits: [], knows: true, network: aHash() })

    expect((await world.sql`select id from public.audit_log`).length).toBe(before)
  })
})

describe('amina, who would like two votes', () => {
  it('moves to the next community and gets no second ballot of the round, whichever she drew first', async () => {
    const { round, key } = await aRound()
    const sister = await aSister(round)
    expect(await server('keep_draw', await draws('amina_resident', key, [sister]))).toMatchObject({ ok: true })
    await world.sql`update private.verifications set community_id = ${world.community.changLe} where user_id = ${world.person.amina_resident.id}`

    for (const call of ['begin_draw', 'keep_draw']) expect(await server(call, await draws('amina_resident', sister, [key])), call).toEqual({ ok: false, code: 'ballot_drawn' })
    expect(await server('begin_draw', await draws('amina_resident', sister, [])), 'a portal that does not ask').toEqual({ ok: false, code: 'ballot_drawn' })

    const next = await aRound()
    const nextSister = await aSister(next.round)
    expect(await server('keep_draw', await draws('amina_resident', nextSister, [next.key])), 'in the next round she has one there').toMatchObject({ ok: true })
    await verify('amina_resident')
  })

  it('asks a hundred and fifty times at once and holds one signature', async () => {
    const { key } = await aRound()
    const asked = await Promise.all(Array.from({ length: 150 }, async () => ({ ...await draws('amina_resident', key, []), blinded_hash: hex64() })))

    const answers = await Promise.all(asked.map(draw => server('keep_draw', draw)))

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(new Set(answers.filter(({ ok }) => !ok).map(({ code }) => code))).toEqual(new Set(['ballot_drawn']))
    expect(await world.sql`select count(*)::integer as n from private.ballot_draws where key_id = ${key}`).toEqual([{ n: 1 }])
  })

  it('spends a ballot of Chang\'le and rates nobody in Ping\'an with it', async () => {
    const { round, subject } = await aRound()
    const sister = await aSister(round)

    expect(await spend(sister, { subject })).toEqual({ ok: true })

    expect(await world.sql`select id from private.ratings where subject_id = ${subject}`).toEqual([])
  })
})

describe('what is kept', () => {
  const left = async (subject: string) => {
    const [row] = await world.sql<{ ratings: number, comments: string }[]>`select (select count(*)::integer from private.ratings g where g.subject_id = ${subject}) as ratings, coalesce((select string_agg(m.state, ' ' order by m.state) from private.rating_comments m where m.subject_id = ${subject}), '') as comments`
    return [row?.ratings, row?.comments]
  }
  const age = (round: string, days: number) => world.sql`update private.rating_rounds set opens_at = private.clock() - make_interval(days => ${days + 30}), closes_at = private.clock() - make_interval(days => ${days}), closed_at = private.clock() - make_interval(days => ${days}) where id = ${round}`

  it('goes thirteen months after the round, once it was counted; words that nobody read go after sixty days', async () => {
    const { round, subject, key } = await aRound()
    for (const _ of [1, 2]) await spend(key, { comment_sealed: sealed('谢谢') })
    await world.sql`update private.rating_comments set state = 'published', text_sealed = null, text_published = '谢谢', decided_on = current_date, decided_by = ${world.person.lead_zhao.id} where id = (select id from private.rating_comments where subject_id = ${subject} limit 1)`
    const retain = () => server('retain_ratings', { limit: 100 })

    await age(round, 59)
    await retain()
    expect(await left(subject)).toEqual([2, 'published waiting'])
    await age(round, 61)
    expect(await server('retain_ratings', { limit: 100, is_dry: true })).toMatchObject({ comments: 1 })
    await retain()
    expect(await left(subject)).toEqual([2, 'published'])
    await age(round, 396)
    await retain()
    expect(await left(subject), 'not counted yet').toEqual([2, ''])
    const [month] = await world.sql<{ month: string }[]>`select to_char(month, 'YYYY-MM-DD') as month from private.rating_rounds where id = ${round}`
    await server('release_figures', { station: world.station.home, topic: 'ratings', period: 'month', starts_on: month?.month, figures: [] })
    await retain()
    expect(await left(subject)).toEqual([0, ''])
  })
})
