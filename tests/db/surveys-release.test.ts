import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, hex64, sealed } from './reports-builder.ts'
import { answers, surveyActs } from './surveys-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const { server, named, own, slugOf, anOpenSurvey, invite, byBallot, byLink, end } = surveyActs(() => world)
const notDesk = ['amina_resident', 'auditor_wu', 'admin_zheng'] as const satisfies readonly Person[]
const stateOf = async (survey: string) => (await own('chief_sun', 'read_desk_survey', { survey })).survey as { state: string, revision: number, answers: number, invitations: { made: number, used: number }[], communities: { slug: string, key: unknown }[] }
const log = (survey: string) => world.sql<{ action: string, details: unknown }[]>`select action, details from public.audit_log where noun_id = ${survey} order by id`
const refused = (code: string) => ({ ok: false, code })

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('links', () => {
  it('are made by lead and chief for an invited survey that is not over, and anew until one was used', async () => {
    const [{ survey }, ballots] = [await anOpenSurvey({ mode: 'invited' }), await anOpenSurvey()]
    const [first, second] = [[hex64(), hex64()], [hex64()]]
    for (const who of [...notDesk, 'officer_wang'] as const) expect(await invite(survey, first, who), who).toEqual(refused('forbidden'))
    expect(await invite(survey, first, 'chief_far')).toEqual(refused('not_found'))
    expect(await named('lead_zhao', 'keep_survey_invitations', { survey, community: await slugOf('changLe'), hashes: first }), 'not asked').toEqual(refused('not_found'))
    expect(await invite(ballots.survey, first)).toEqual(refused('status_order'))
    for (const hashes of [[], Array.from({ length: 2001 }, hex64)]) expect(await invite(survey, hashes)).toEqual(refused('invalid_input'))

    expect(await invite(survey, first)).toEqual({ ok: true })
    expect(await invite(survey, second)).toEqual({ ok: true })
    expect(await byLink(survey, first[0]!), 'replaced').toEqual(refused('not_found'))
    expect(await byLink(survey, second[0]!)).toMatchObject({ ok: true })
    expect(await invite(survey, first)).toEqual(refused('status_order'))
    await end(survey)
    expect(await invite(survey, first)).toEqual(refused('status_order'))
  })

  it('are shown at the desk in steps of five', async () => {
    const { survey } = await anOpenSurvey({ mode: 'invited' })
    const links = Array.from({ length: 12 }, hex64)
    await invite(survey, links)
    for (const link of links.slice(0, 7)) await byLink(survey, link)

    expect(await stateOf(survey)).toMatchObject({ answers: 5, invitations: [{ made: 12, used: 5, is_untouched: false }] })
  })
})

describe('census figures', () => {
  it('are written by lead and chief, for a community of theirs, replaced and taken away', async () => {
    const community = await slugOf('pingAn')
    const save = (who: Person, changes = {}) => own(who, 'save_census', { community, as_of: '2026-01-01', counts: { 16: 100, 30: 200, 45: 300, 60: 400 }, ...changes })
    const list = async (who: Person) => (await (await world.as(who)).rpc('list_census')).data as { ok: boolean, counts?: { age_from: number, residents: number }[] }
    for (const who of [...notDesk, 'officer_wang'] as const) expect(await save(who), who).toEqual(refused('forbidden'))
    expect(await save('chief_far')).toEqual(refused('not_found'))
    for (const counts of [{ 18: 5 }, { 16: -1 }, { 16: 1.5 }, { 16: '5' }, [1]]) expect(await save('lead_zhao', { counts })).toEqual(refused('invalid_input'))

    expect(await save('lead_zhao')).toEqual({ ok: true })
    expect(await save('chief_sun', { counts: { 16: 110, 30: 220, 45: 330, 60: 440 } })).toEqual({ ok: true })
    for (const who of ['officer_wang', 'auditor_wu'] as const) expect((await list(who)).counts?.map(({ residents }) => residents), who).toEqual([110, 220, 330, 440])
    for (const who of ['amina_resident', 'admin_zheng'] as const) expect(await list(who), who).toEqual(refused('forbidden'))
    expect((await list('chief_far')).counts).toEqual([])
    expect(await save('lead_zhao', { counts: {} })).toEqual({ ok: true })
    expect((await list('lead_zhao')).counts).toEqual([])
  })
})

describe('nobody reads a response', () => {
  const tables = ['surveys', 'survey_communities', 'survey_invitations', 'survey_responses', 'survey_texts', 'survey_tallies', 'survey_draws', 'census_counts']
  const functions = ['list_survey_answers', 'list_due_surveys', 'list_survey_texts', 'answer_survey', 'read_survey_link', 'advance_surveys', 'foresee_surveys', 'release_survey', 'keep_survey_invitations', 'save_survey', 'approve_survey', 'fix_survey_draw', 'list_due_draws', 'keep_drawn_numbers']

  it('no role of the API has any right on a table of surveys', async () => {
    const rights = await world.sql`select c.relname, r.role, p.may from pg_class c cross join unnest(array['anon', 'authenticated', 'service_role']) as r (role) cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as p (may)
      where c.relnamespace = 'private'::regnamespace and c.relname = any(${tables}) and has_table_privilege(r.role, c.oid, p.may)`
    expect(rights).toEqual([])
  })

  it.each(['guest', 'amina_resident', 'officer_wang', 'chief_sun', 'auditor_wu', 'server'] as const)('%s reads no table', async (who) => {
    const client = who === 'guest' ? world.guest : who === 'server' ? world.server : await world.as(who)

    for (const table of tables) expect((await failureOf(client.from(table).select('*'))).status, table).toBe(404)
  })

  it.each(['guest', 'amina_resident', 'officer_wang', 'lead_zhao', 'chief_sun', 'auditor_wu'] as const)('%s calls none of the portal\'s functions', async (who) => {
    const { survey, key } = await anOpenSurvey()
    await byBallot(survey, key)
    await end(survey)
    const client = who === 'guest' ? world.guest : await world.as(who)

    for (const name of functions) expect((await failureOf(client.rpc(name, { p: { survey } }))).status, name).toBeGreaterThanOrEqual(400)
  })

  it('what anybody may call says nothing of what was answered', async () => {
    const { survey, key } = await anOpenSurvey()
    await byBallot(survey, key, { answers: answers({ age: 97 }) })
    const chief = await world.as('chief_sun')

    const said = await Promise.all([world.guest.rpc('list_surveys'), world.guest.rpc('read_survey', { p: { survey } }), world.guest.rpc('get_survey_results', { p: { survey } }), chief.rpc('list_desk_surveys'), chief.rpc('read_desk_survey', { p: { survey } })])

    for (const { data } of said) expect(JSON.stringify(data)).not.toMatch(/\b97\b|"marks"|nullifier/)
    expect(said[2].data).toMatchObject({ ok: true, rounds: [] })
  })
})

describe('a draw', () => {
  const draw = async (changes: Record<string, unknown> = {}, who: Person = 'lead_zhao') => named(who, 'fix_survey_draw', { community: await slugOf('pingAn'), numbers: 300, wanted: 5, listed_on: await day(0), root_of: await day(1), list_hash: hex64(), ...changes })
  const day = async (days: number) => (await world.sql<{ day: string }[]>`select to_char(private.station_day(private.clock()) + ${days}::integer, 'YYYY-MM-DD') as day`)[0]!.day
  const draws = async (survey: string) => (await world.guest.rpc('list_survey_draws', { p: { survey } })).data.draws as { root: string | null, drawn: number[] | null, root_of: string, list_hash: string }[]
  /** As if the list had been fixed so many days before. */
  const age = async (survey: string, days: number) => world.sql`update private.survey_draws set listed_on = listed_on - ${days}::integer, root_of = root_of - ${days}::integer where survey_id = ${survey}`

  it('is fixed by lead and chief today, for a root that is still to come; the log carries the hash of the list', async () => {
    const [{ survey }, ballots] = [await anOpenSurvey({ mode: 'invited' }), await anOpenSurvey()]
    const hash = hex64()
    for (const who of [...notDesk, 'officer_wang'] as const) expect(await draw({ survey }, who), who).toEqual(refused('forbidden'))
    expect(await draw({ survey }, 'chief_far')).toEqual(refused('not_found'))
    expect(await draw({ survey, community: await slugOf('changLe') })).toEqual(refused('not_found'))
    expect(await draw({ survey: ballots.survey })).toEqual(refused('status_order'))
    expect(await draw({ survey, listed_on: await day(-1) })).toEqual(refused('invalid_input'))
    expect(await draw({ survey, root_of: await day(0) })).toEqual(refused('invalid_input'))

    expect(await draw({ survey, list_hash: hash })).toEqual({ ok: true })

    expect(await draws(survey)).toEqual([{ community: await slugOf('pingAn'), numbers: 300, wanted: 5, listed_on: await day(0), root_of: await day(1), list_hash: hash, root: null, drawn: null }])
    expect((await log(survey)).filter(({ action }) => action === 'survey.draw_fixed').map(({ details }) => details)).toEqual([{ list_hash: hash, root_of: await day(1) }])
    expect(await draw({ survey }), 'once').toEqual(refused('status_order'))
    expect(await invite(survey, Array.from({ length: 5 }, hex64)), 'not drawn yet').toEqual(refused('invalid_input'))
  })

  it('is refused once links were made or the survey is over, and for more than there are', async () => {
    const [made, over, few] = [await anOpenSurvey({ mode: 'invited' }), await anOpenSurvey({ mode: 'invited' }), await anOpenSurvey({ mode: 'invited' })]
    await invite(made.survey, [hex64()])
    await end(over.survey)

    expect(await draw({ survey: made.survey })).toEqual(refused('status_order'))
    expect(await draw({ survey: over.survey })).toEqual(refused('status_order'))
    await expect(draw({ survey: few.survey, wanted: 301 })).rejects.toThrow('no_more_are_wanted')
  })

  it('whose day went by without a root may be fixed anew, one day later and no sooner', async () => {
    const { survey } = await anOpenSurvey({ mode: 'invited' })
    const second = hex64()
    await draw({ survey })
    await age(survey, 2)
    expect(await draw({ survey }), 'yesterday\'s root may still be made').toEqual(refused('status_order'))
    await age(survey, 1)

    expect(await draw({ survey, list_hash: second })).toEqual({ ok: true })

    expect(await draws(survey)).toMatchObject([{ list_hash: second, root_of: await day(1) }])
    expect((await log(survey)).filter(({ action }) => action === 'survey.draw_fixed'), 'both lists stand in the log').toHaveLength(2)
  })

  it('makes sure on its day that there will be a root, once', async () => {
    const { survey } = await anOpenSurvey({ mode: 'invited' })
    await draw({ survey })
    await server('list_due_draws')
    expect((await log(survey)).map(({ action }) => action)).not.toContain('survey.draw_day')
    await age(survey, 1)

    for (let time = 0; time < 3; time++) await server('list_due_draws')

    expect((await log(survey)).filter(({ action }) => action === 'survey.draw_day')).toHaveLength(1)
  })

  it('is kept once, by the root of its day and no other', async () => {
    const { survey } = await anOpenSurvey({ mode: 'invited' })
    await draw({ survey })
    await age(survey, 2)
    const [root, other] = [hex64(), hex64()]
    const keep = async (sql: World['sql'], drawn: number[], by: string) => { await sql`select public.keep_drawn_numbers(${sql.json({ survey, community: world.community.pingAn, root: by, drawn })})` }
    const rollback = new Error('rolled back: a root belongs to the chain')
    await expect(world.sql.begin(async (transaction) => {
      const sql = transaction as unknown as World['sql']
      await sql`set local session_replication_role = replica`
      await sql`delete from private.seal_roots where day = ${await day(-1)}::date`
      await sql`insert into private.seal_roots (day, root, first_block, last_block, published_at, key_id, signature, hash) values (${await day(-1)}, ${root}, 1, 1, now(), 'test', 'test', ${hex64()})`
      await sql`set local session_replication_role = origin`
      const due = (await sql<{ due: { draws: { survey: string, root: string }[] } }[]>`select public.list_due_draws() as due`)[0]!.due.draws
      expect(due.find(each => each.survey === survey)).toMatchObject({ community: world.community.pingAn, numbers: 300, wanted: 5, root })

      await keep(sql, [9, 1, 2, 3, 4], other)
      expect((await sql`select root, drawn from private.survey_draws where survey_id = ${survey}`)[0]).toEqual({ root: null, drawn: null })
      await keep(sql, [200, 7, 41, 3, 118], root)
      await keep(sql, [1, 2, 3, 4, 5], root)

      expect((await sql`select root, drawn from private.survey_draws where survey_id = ${survey}`)[0]).toEqual({ root, drawn: [3, 7, 41, 118, 200] })
      expect((await sql`select action from public.audit_log where noun_id = ${survey} and action = 'survey.drawn'`)).toHaveLength(1)
      throw rollback
    })).rejects.toBe(rollback)
  })

  it('is followed by as many links as were drawn, and by no other draw', async () => {
    const { survey } = await anOpenSurvey({ mode: 'invited' })
    await draw({ survey })
    await world.sql`update private.survey_draws set root = ${hex64()}, drawn = '{3,7,41,118,200}' where survey_id = ${survey}`
    await age(survey, 9)

    for (const count of [4, 6]) expect(await invite(survey, Array.from({ length: count }, hex64))).toEqual(refused('invalid_input'))
    expect(await invite(survey, Array.from({ length: 5 }, hex64))).toEqual({ ok: true })
    expect(await draw({ survey })).toEqual(refused('status_order'))
  })
})

describe('the release', () => {
  const results = { version: 1, note: 'what was let through' }
  const dueNow = async () => (await server('list_due_surveys')).surveys as { survey: string, eligible: number, communities: string[] }[]

  it('comes once, when the survey is over, and stays', async () => {
    const { survey, key } = await anOpenSurvey()
    await byBallot(survey, key)
    expect((await dueNow()).map(due => due.survey), 'open').not.toContain(survey)
    expect(await server('release_survey', { survey, results })).toEqual({ ok: true, is_new: false })
    expect((await server('list_survey_answers', { survey })).answers).toEqual([])
    await end(survey)

    expect((await dueNow()).find(due => due.survey === survey)).toMatchObject({ eligible: 40, communities: [world.community.pingAn] })
    expect((await server('list_survey_answers', { survey })).answers).toMatchObject([{ community: world.community.pingAn, source: 'ballot', marks: [], answers: answers() }])
    expect((await world.guest.rpc('get_survey_results', { p: { survey } })).data.rounds, 'not out yet').toEqual([])
    const released = await Promise.all(Array.from({ length: 6 }, () => server('release_survey', { survey, results })))

    expect(released.filter(({ is_new: isNew }) => isNew)).toHaveLength(1)
    expect(await server('release_survey', { survey, results: { version: 2 } })).toEqual({ ok: true, is_new: false })
    expect((await world.guest.rpc('get_survey_results', { p: { survey } })).data.rounds).toMatchObject([{ survey, results }])
    expect((await world.guest.from('published_surveys').select('results').eq('survey_id', survey)).data).toEqual([{ results }])
    expect((await dueNow()).map(due => due.survey)).not.toContain(survey)
    await expect(world.sql`update public.published_surveys set results = '{}' where survey_id = ${survey}`).rejects.toThrow('append-only')
    // Nobody may but this test; tables first, since another test rewrites them meanwhile.
    await expect(world.sql.begin(async (sql) => {
      await sql`lock table private.survey_invitations, private.survey_responses, private.survey_texts in row exclusive mode`
      await sql`delete from private.surveys where id = ${survey}`
    })).rejects.toThrow(/foreign key|restrict/)
  })

  it('outlives the answers: these go thirteen months after it and words after six, in pages; a survey that is not out keeps all', async () => {
    const [old, waiting] = [await anOpenSurvey(), await anOpenSurvey()]
    for (const { survey, key } of [old, waiting]) for (let time = 0; time < 3; time++) await byBallot(survey, key, { texts: [{ question: 'wish', sealed: sealed('more light') }] })
    for (const { survey } of [old, waiting]) await end(survey)
    await server('release_survey', { survey: old.survey, results })
    const released = (days: number) => world.sql.begin(async (sql) => {
      await sql`set local session_replication_role = replica`
      await sql`update public.figure_releases set released_at = private.clock() - make_interval(days => ${days}) where survey_id = ${old.survey}`
    })
    const left = async (survey: string) => (await world.sql`select (select count(*)::integer from private.survey_responses where survey_id = ${survey}) as answers, (select count(*)::integer from private.survey_texts where survey_id = ${survey}) as texts`)[0]
    const retain = async () => {
      const foreseen = await server('retain_surveys', { limit: 2, is_dry: true })
      const pages = [await server('retain_surveys', { limit: 2 })]
      while (pages.at(-1)?.has_more) pages.push(await server('retain_surveys', { limit: 2 }))
      const sum = (what: string) => pages.reduce((all, page) => all + Number(page[what]), 0)
      expect([sum('answers'), sum('texts')]).toEqual([foreseen.answers, foreseen.texts])
    }

    for (const [days, answers, texts] of [[182, 3, 3], [184, 3, 0], [394, 3, 0], [396, 0, 0]] as const) {
      await released(days)
      await retain()
      expect(await left(old.survey), `after ${days} days`).toEqual({ answers, texts })
    }

    expect(await left(waiting.survey)).toEqual({ answers: 3, texts: 3 })
    expect((await world.guest.rpc('get_survey_results', { p: { survey: old.survey } })).data.rounds).toMatchObject([{ results }])
  })

  it('shows the rounds of the series up to this one, newest first', async () => {
    const [first, second, other] = [await anOpenSurvey(), await anOpenSurvey(), await anOpenSurvey()]
    for (const { survey } of [first, second, other]) await end(survey)
    await world.sql.begin(async (sql) => {
      await sql`set local session_replication_role = replica`
      await sql`update private.surveys set series_id = ${first.survey} where id = ${second.survey}`
      await sql`update private.surveys set opens_at = opens_at - interval '40 days', closes_at = closes_at - interval '31 days' where id = ${first.survey}`
    })
    for (const { survey } of [first, second, other]) await server('release_survey', { survey, results })
    const roundsOf = async (survey: string) => (await world.guest.rpc('get_survey_results', { p: { survey } })).data.rounds.map((round: { survey: string }) => round.survey)

    expect(await roundsOf(second.survey)).toEqual([second.survey, first.survey])
    expect(await roundsOf(first.survey)).toEqual([first.survey])
  })

  it('hands answers out page by page, each once', async () => {
    const { survey } = await anOpenSurvey()
    await world.sql`insert into private.survey_responses (survey_id, source, answers, marks, day) select ${survey}, 'open', jsonb_build_object('age', 16 + n % 80), '{}', current_date from generate_series(1, 4100) n`
    await end(survey)

    const ids: string[] = []
    const pages: number[] = []
    for (let after: string | undefined; pages.at(-1) !== 0; after = ids.at(-1)) {
      const page = (await server('list_survey_answers', { survey, ...(after && { after }) })).answers as { id: string }[]
      pages.push(page.length)
      ids.push(...page.map(({ id }) => id))
    }

    expect([pages, new Set(ids).size]).toEqual([[2000, 2000, 100, 0], 4100])
  })
})
