import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { networkAllowance, burstLimit, countsAsOpen } from '#shared/trust/response-marks'
import { ratingActs } from './ratings-builder.ts'
import { aHash, hex64, sealed } from './reports-builder.ts'
import { answers, definition, surveyActs } from './surveys-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const { server, named, own, slugOf, soon, aDraft, approve, anOpenSurvey, aKey, invite, byBallot, byLink, openly, end } = surveyActs(() => world)
const { aRound } = ratingActs(() => world)
const notDesk = ['amina_resident', 'auditor_wu', 'admin_zheng'] as const satisfies readonly Person[]
const stateOf = async (survey: string) => (await own('chief_sun', 'read_desk_survey', { survey })).survey as { state: string, revision: number, answers: number, invitations: { made: number, used: number }[], communities: { slug: string, key: unknown }[] }
const kept = (survey: string) => world.sql<{ source: string, community_id: string | null, marks: string[], answers: object }[]>`select source, community_id, marks, answers from private.survey_responses where survey_id = ${survey}`
const tallies = (survey: string) => world.sql`select source, sum(answers)::integer as answers, sum(counted)::integer as counted from private.survey_tallies where survey_id = ${survey} group by source order by source`
const log = (survey: string) => world.sql<{ action: string, details: unknown }[]>`select action, details from public.audit_log where noun_id = ${survey} order by id`
const refused = (code: string) => ({ ok: false, code })

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('a draft', () => {
  it('is written by officer, lead and chief of the station, and by nobody else', async () => {
    for (const who of ['officer_wang', 'officer_li', 'lead_zhao', 'chief_sun'] as const) expect(await named(who, 'save_survey', { definition }), who).toMatchObject({ ok: true, revision: 1 })
    for (const who of notDesk) expect(await named(who, 'save_survey', { definition }), who).toEqual(refused('forbidden'))
    const survey = await aDraft()
    expect(await named('chief_far', 'save_survey', { definition, survey, revision: 1 })).toEqual(refused('not_found'))
    expect(await named('chief_far', 'save_survey', { definition, series: survey })).toEqual(refused('not_found'))
    expect(await named('lead_zhao', 'save_survey', { definition, survey: crypto.randomUUID(), revision: 1 })).toEqual(refused('not_found'))
  })

  it('is saved by whoever has read it last, when two write at once', async () => {
    const survey = await aDraft()

    const saved = await Promise.all((['officer_wang', 'officer_li', 'lead_zhao', 'chief_sun'] as const).map(who => named(who, 'save_survey', { definition, survey, revision: 1 })))

    expect(saved.filter(({ ok }) => ok)).toEqual([{ ok: true, survey, revision: 2 }])
    expect(saved.filter(({ ok }) => !ok)).toEqual([refused('conflict'), refused('conflict'), refused('conflict')])
  })

  it('is seen at the desk of its station alone, and nowhere before it is approved', async () => {
    const survey = await aDraft()

    expect(await stateOf(survey)).toMatchObject({ state: 'draft', answers: 0, communities: [], invitations: [] })
    for (const who of ['officer_li', 'auditor_wu'] as const) expect(JSON.stringify(await (await world.as(who)).rpc('list_desk_surveys')), who).toContain(survey)
    expect(JSON.stringify(await (await world.as('chief_far')).rpc('list_desk_surveys'))).not.toContain(survey)
    expect(await own('chief_far', 'read_desk_survey', { survey })).toEqual(refused('not_found'))
    for (const who of ['amina_resident', 'admin_zheng'] as const) {
      expect((await (await world.as(who)).rpc('list_desk_surveys')).data, who).toEqual(refused('forbidden'))
      expect(await own(who, 'read_desk_survey', { survey }), who).toEqual(refused('forbidden'))
    }
    for (const name of ['read_survey', 'get_survey_results']) expect((await world.guest.rpc(name, { p: { survey } })).data, name).toEqual(refused('not_found'))
    expect(JSON.stringify((await world.guest.rpc('list_surveys')).data)).not.toContain(survey)
    expect(await openly(survey)).toEqual(refused('not_found'))
  })

  it('can be dropped, which nobody does with one that was approved', async () => {
    const [survey, approved] = [await aDraft(), await aDraft()]
    await approve(approved)

    for (const who of notDesk) expect(await own(who, 'drop_survey', { survey }), who).toEqual(refused('forbidden'))
    expect(await own('chief_far', 'drop_survey', { survey })).toEqual(refused('not_found'))
    expect(await own('officer_li', 'drop_survey', { survey })).toEqual({ ok: true })
    expect(await own('officer_li', 'drop_survey', { survey })).toEqual(refused('not_found'))
    expect(await own('chief_sun', 'drop_survey', { survey: approved })).toEqual(refused('status_order'))
    expect((await log(survey)).map(({ action }) => action)).toEqual(['survey.begun', 'survey.dropped'])
  })

  it('of another survey becomes the next round of its series', async () => {
    const first = await aDraft()
    const second = await aDraft({ series: first })

    expect((await world.sql`select series_id from private.surveys where id = ${second}`)[0]).toEqual({ series_id: first })
    expect((await world.sql`select series_id from private.surveys where id = ${await aDraft({ series: second })}`)[0]).toEqual({ series_id: first })
  })
})

describe('approving', () => {
  it('is for lead and chief of the station, once, of the version they read', async () => {
    const survey = await aDraft()

    for (const who of [...notDesk, 'officer_wang'] as const) expect(await approve(survey, {}, who), who).toEqual(refused('forbidden'))
    expect(await approve(survey, {}, 'chief_far')).toEqual(refused('not_found'))
    expect(await approve(survey, { revision: 2 })).toEqual(refused('conflict'))
    expect(await approve(survey)).toEqual({ ok: true })
    expect(await approve(survey, {}, 'chief_sun')).toEqual(refused('status_order'))
    expect(await stateOf(survey)).toMatchObject({ state: 'open' })
    expect(await named('lead_zhao', 'save_survey', { definition, survey, revision: 1 })).toEqual(refused('status_order'))
  })

  it.each([
    ['no community', { communities: [] }], ['an unknown one', { communities: ['atlantis'] }], ['less than a day', { closes_at: () => soon(23) }],
    ['an end before now', { opens_at: () => soon(-72), closes_at: () => soon(-24) }], ['more than a year', { closes_at: () => soon(24 * 367) }],
  ] as const)('is refused with %s', async (_, changes) => {
    const made = Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, typeof value === 'function' ? value() : value]))

    expect(await approve(await aDraft(), made)).toEqual(refused('invalid_input'))
  })

  it('is refused for a community of another station', async () => {
    expect(await approve(await aDraft(), { communities: [await slugOf('pingAn'), await slugOf('far')] })).toEqual(refused('invalid_input'))
    expect(await approve(await aDraft(), { communities: [await slugOf('pingAn'), await slugOf('changLe')] })).toEqual({ ok: true })
  })

  it('writes down how many verified residents might answer by ballot', async () => {
    await world.sql`insert into private.verifications (user_id, community_id, method, verified_on) values (${world.person.bo_resident.id}, ${world.community.pingAn}, 'code', current_date)`
    const survey = await aDraft()
    await approve(survey, { communities: [await slugOf('pingAn'), await slugOf('changLe')] })

    const eligible = Object.fromEntries((await world.sql<{ community_id: string, eligible: number }[]>`select community_id, eligible from private.survey_communities where survey_id = ${survey}`).map(row => [row.community_id, row.eligible]))
    expect(eligible).toEqual({ [world.community.pingAn]: 1, [world.community.changLe]: 0 })
    await world.sql`delete from private.verifications where user_id = ${world.person.bo_resident.id}`
  })

  it('freezes what is asked: not even whoever owns the database changes a survey that is open, lengthens it or opens it again', async () => {
    const { survey } = await anOpenSurvey()
    const { sql } = world
    const frozen = /a survey that was approved does not change/

    await expect(sql`update private.surveys set definition = definition || '{"intro": {"zh": "x", "en": "x"}}' where id = ${survey}`).rejects.toThrow(frozen)
    await expect(sql`update private.surveys set mode = 'invited' where id = ${survey}`).rejects.toThrow(frozen)
    await expect(sql`update private.surveys set is_open_to_all = false where id = ${survey}`).rejects.toThrow(frozen)
    await expect(sql`update private.surveys set revision = 9 where id = ${survey}`).rejects.toThrow(frozen)
    await expect(sql`update private.surveys set series_id = gen_random_uuid() where id = ${survey}`).rejects.toThrow(frozen)
    await expect(sql`update private.surveys set closes_at = closes_at + interval '1 hour' where id = ${survey}`).rejects.toThrow(frozen)
    await expect(sql`update private.surveys set approved_at = null, approved_by = null, opens_at = null, closes_at = null where id = ${survey}`).rejects.toThrow(frozen)
    await end(survey)
    await expect(sql`update private.surveys set closed_at = null where id = ${survey}`).rejects.toThrow(frozen)
  })
})

describe('ending', () => {
  it('makes a planned survey a draft again, without keys and links', async () => {
    const survey = await aDraft()
    await approve(survey, { opens_at: soon(24), closes_at: soon(72), mode: 'invited' })
    expect(await invite(survey, [hex64(), hex64()])).toEqual({ ok: true })
    expect(await stateOf(survey)).toMatchObject({ state: 'planned', invitations: [{ made: 2, used: 0 }] })
    expect((await world.guest.rpc('read_survey', { p: { survey } })).data, 'not before it opens').toEqual(refused('not_found'))
    expect(await openly(survey)).toEqual(refused('not_found'))

    expect(await own('lead_zhao', 'end_survey', { survey })).toEqual({ ok: true })

    expect(await stateOf(survey)).toMatchObject({ state: 'draft', communities: [], invitations: [] })
    expect(await named('officer_wang', 'save_survey', { definition, survey, revision: 1 })).toMatchObject({ ok: true, revision: 2 })
    expect(await approve(survey, { revision: 2 })).toEqual({ ok: true })
  })

  it('leaves no key of other times behind, also one that was just being made', async () => {
    const survey = await aDraft()
    await approve(survey, { opens_at: soon(24), closes_at: soon(72) })
    await aKey(survey, 'survey', 24)
    await own('lead_zhao', 'end_survey', { survey })
    await aKey(survey, 'survey', 24)

    await approve(survey, { opens_at: soon(-1) })

    expect((await stateOf(survey)).communities).toMatchObject([{ key: null }])
    expect((await server('advance_surveys')).wanted).toEqual(expect.arrayContaining([expect.objectContaining({ occasion_id: survey, community: world.community.pingAn })]))
  })

  it('closes an open one at once, for ballots as well; a draft and one that is over do not end', async () => {
    const { survey, key } = await anOpenSurvey()
    for (const who of [...notDesk, 'officer_wang'] as const) expect(await own(who, 'end_survey', { survey }), who).toEqual(refused('forbidden'))
    expect(await own('chief_far', 'end_survey', { survey })).toEqual(refused('not_found'))

    expect(await own('chief_sun', 'end_survey', { survey })).toEqual({ ok: true })

    expect(await stateOf(survey)).toMatchObject({ state: 'closed' })
    expect(await byBallot(survey, key)).toEqual(refused('round_closed'))
    expect(await openly(survey)).toEqual(refused('round_closed'))
    expect((await world.sql`select closes_at <= private.clock() as is_over from private.ballot_keys where id = ${key}`)[0]).toEqual({ is_over: true })
    expect(await own('chief_sun', 'end_survey', { survey })).toEqual(refused('status_order'))
    expect(await own('chief_sun', 'end_survey', { survey: await aDraft() })).toEqual(refused('status_order'))
  })

  it('is noted by the job once; links, hours and networks are forgotten then, and how many links there were stays', async () => {
    const { survey } = await anOpenSurvey({ mode: 'invited' })
    const links = Array.from({ length: 7 }, hex64)
    await invite(survey, links)
    await byLink(survey, links[0]!)
    await openly(survey)
    await own('lead_zhao', 'end_survey', { survey })
    const left = async () => (await world.sql`select (select count(*)::integer from private.survey_invitations where survey_id = ${survey}) as links, (select count(*)::integer from private.answer_hours where occasion_id = ${survey}) as hours,
      (select count(*)::integer from private.answer_networks where occasion_id = ${survey}) as networks, (select sum(eligible)::integer from private.survey_communities where survey_id = ${survey}) as eligible`)[0]
    expect(await left()).toEqual({ links: 7, hours: 1, networks: 2, eligible: 40 })
    const before = await server('foresee_surveys')
    expect(await left(), 'what is foreseen is not done').toMatchObject({ links: 7 })

    await Promise.all([server('advance_surveys'), server('advance_surveys')])

    expect(Number(before.closed)).toBeGreaterThanOrEqual(1)
    expect(await left()).toEqual({ links: 0, hours: 0, networks: 0, eligible: 7 })
    expect((await log(survey)).filter(({ action }) => action === 'survey.closed')).toHaveLength(1)
  })
})

describe('an answer', () => {
  it('by ballot counts for the community of the key, once', async () => {
    const { survey, key } = await anOpenSurvey()
    const nullifier = hex64()

    expect(await byBallot(survey, key, { nullifier })).toEqual({ ok: true, counted: 'ballot' })

    expect(await byBallot(survey, key, { nullifier })).toEqual(refused('ballot_spent'))
    expect(await kept(survey)).toEqual([{ source: 'ballot', community_id: world.community.pingAn, marks: [], answers: answers() }])
    expect(await tallies(survey)).toEqual([{ source: 'ballot', answers: 1, counted: 1 }])
  })

  it('is refused with the key of another survey, of a rating, or of nothing', async () => {
    const [{ survey }, other, rating] = [await anOpenSurvey(), await anOpenSurvey(), await aRound()]

    for (const key of [other.key, rating.key, crypto.randomUUID()]) expect(await byBallot(survey, key)).toEqual(refused('not_found'))

    expect(await server('spend_rating', { key: other.key, nullifier: hex64(), knows: true, familiar: 4, satisfied: 5, prompt: 4, polite: 5, effective: null, network: aHash() }), 'nor does a survey\'s key rate').toMatchObject({ ok: false })
    expect(await kept(survey)).toEqual([])
    expect(await world.sql`select from private.ballot_spends where key_id in ${world.sql([other.key, rating.key])}`, 'nothing was spent').toHaveLength(0)
  })

  it('by link counts once: twice, by a link of another survey and by none that was made it is refused', async () => {
    const [mine, other] = [await anOpenSurvey({ mode: 'invited' }), await anOpenSurvey({ mode: 'invited' })]
    const [link, foreign] = [hex64(), hex64()]
    await invite(mine.survey, [link])
    await invite(other.survey, [foreign])

    expect((await world.server.rpc('read_survey_link', { p: { survey: mine.survey, token_hash: link } })).data).toEqual({ ok: true, is_used: false })
    expect(await byLink(mine.survey, link)).toEqual({ ok: true, counted: 'invited' })

    expect(await byLink(mine.survey, link)).toEqual(refused('link_used'))
    expect(await byLink(mine.survey, foreign)).toEqual(refused('not_found'))
    expect(await byLink(mine.survey, hex64())).toEqual(refused('not_found'))
    expect((await world.server.rpc('read_survey_link', { p: { survey: mine.survey, token_hash: link } })).data).toEqual({ ok: true, is_used: true })
    expect((await world.server.rpc('read_survey_link', { p: { survey: mine.survey, token_hash: foreign } })).data).toEqual(refused('not_found'))
    expect((await kept(mine.survey)).map(({ source }) => source)).toEqual(['invited'])
  })

  it('by one link fifty times at once counts once', async () => {
    const { survey } = await anOpenSurvey({ mode: 'invited' })
    const link = hex64()
    await invite(survey, [link])

    const said = await Promise.all(Array.from({ length: 50 }, () => byLink(survey, link)))

    expect(said.filter(({ ok }) => ok)).toHaveLength(1)
    expect(said.filter(({ code }) => code === 'link_used')).toHaveLength(49)
    expect([(await kept(survey)).length, await tallies(survey)]).toEqual([1, [{ source: 'invited', answers: 1, counted: 1 }]])
  })

  it('two hundred at once lose none: tallies are exact', async () => {
    const { survey, key } = await anOpenSurvey()

    const said = await Promise.all(Array.from({ length: 200 }, (_, at) => at % 2 ? byBallot(survey, key) : openly(survey)))

    expect(said.filter(({ ok }) => ok)).toHaveLength(200)
    expect((await kept(survey)).length).toBe(200)
    expect(await tallies(survey)).toEqual([{ source: 'ballot', answers: 100, counted: 100 }, { source: 'open', answers: 100, counted: 100 }])
    expect((await stateOf(survey)).answers).toBe(200)
  })

  it('without a ballot or link is open, where that is wanted, of a community that was asked or of none', async () => {
    const [{ survey }, closed] = [await anOpenSurvey(), await anOpenSurvey({ isOpenToAll: false })]

    expect(await openly(survey)).toEqual({ ok: true, counted: 'open' })
    expect(await openly(survey, { community: world.community.pingAn })).toEqual({ ok: true, counted: 'open' })
    expect(await openly(survey, { community: world.community.changLe })).toEqual(refused('invalid_input'))
    expect(await openly(closed.survey)).toEqual(refused('forbidden'))
    expect(await openly(crypto.randomUUID())).toEqual(refused('not_found'))

    const limits = [{ bucket: `survey ${aHash()}`, times: 2, seconds: 600 }]
    expect([await openly(survey, { limits }), await openly(survey, { limits })]).toEqual([{ ok: true, counted: 'open' }, { ok: true, counted: 'open' }])
    expect(await openly(survey, { limits })).toMatchObject({ ...refused('rate_limited'), retry_after: expect.any(Number) })
    expect((await kept(survey)).map(({ community_id: place }) => place).sort()).toEqual([world.community.pingAn, null, null, null].sort())
  })

  it.each([
    ['an unknown question', { unheard: 'x' }], ['a required one passed over', { safety: null }],
    ['an unknown option', { safety: 'fine' }], ['a list of a single choice', { safety: ['safe'] }], ['a number of a choice', { safety: 1 }],
    ['an unknown option of several', { worries: ['theft', 'ghosts'] }], ['one option twice', { worries: ['theft', 'theft'] }], ['too many', { worries: ['theft', 'fraud', 'noise'] }], ['none of several', { worries: [] }], ['one word for several', { worries: 'theft' }],
    ['"nothing" beside something', { worries: ['nothing', 'theft'] }], ['"cannot say" where it is not offered', { worries: 'cannot_say' }],
    ['a step above the scale', { trust: 6 }], ['a step below', { trust: 0 }], ['half a step', { trust: 2.5 }], ['a step in words', { trust: '4' }],
    ['a number out of range', { age: 121 }], ['a number too small', { age: 15 }], ['half a year', { age: 40.5 }], ['more hours than a day has', { hours: 24.5 }], ['true as a number', { hours: true }],
    ['a matrix without a row', { police: { respect: 'agree' } }], ['an unknown row', { police: { respect: 'agree', fair: 'agree', kind: 'agree' } }], ['an unknown option of a row', { police: { respect: 'agree', fair: 'maybe' } }], ['an empty matrix', { police: {} }], ['a list of a matrix', { police: ['agree'] }],
    ['a text among the answers', { wish: 'more light' }],
  ])('is refused with %s', async (_, changes) => {
    const { survey, key } = await anOpenSurvey()
    const nullifier = hex64()

    expect(await byBallot(survey, key, { nullifier, answers: answers(changes) })).toEqual(refused('invalid_input'))

    expect(await byBallot(survey, key, { nullifier }), 'the ballot is not lost').toMatchObject({ ok: true })
  })

  it.each([
    ['the alone one alone', { worries: ['nothing'] }], ['passed over', { worries: null, trust: null, age: null, hours: null }], ['cannot say', { safety: 'cannot_say', trust: 'cannot_say', police: 'cannot_say' }],
    ['the ends of each range', { trust: 1, age: 120, hours: 0 }], ['two of two', { worries: ['fraud', 'noise'] }],
  ])('may say: %s', async (_, changes) => {
    const { survey, key } = await anOpenSurvey()

    expect(await byBallot(survey, key, { answers: answers(changes) })).toMatchObject({ ok: true })
  })

  it('is for whoever is verified by a code as well as by an officer, and for no staff', async () => {
    const { key } = await anOpenSurvey()
    const { aDraw, verify } = ratingActs(() => world)
    await verify('amina_resident')
    expect(await server('begin_draw', await aDraw('amina_resident', key))).toMatchObject({ ok: true })
    await verify('bo_resident', 'officer_wang')
    expect(await server('begin_draw', await aDraw('bo_resident', key))).toMatchObject({ ok: true })
    for (const who of ['officer_li', 'chief_sun'] as const) expect(await server('begin_draw', await aDraw(who, key)), who).toEqual(refused('not_verified'))
    await world.sql`delete from private.verifications where user_id in ${world.sql([world.person.amina_resident.id, world.person.bo_resident.id])}`
    expect(await server('begin_draw', await aDraw('amina_resident', key))).toEqual(refused('not_verified'))
  })

  it('may stop early; a list instead of answers is none', async () => {
    const { survey, key } = await anOpenSurvey()

    expect(await byBallot(survey, key, { answers: { safety: 'unsafe' } })).toMatchObject({ ok: true })
    for (const wrong of [[], 'safe', null]) expect(await byBallot(survey, key, { answers: wrong })).toEqual(refused('invalid_input'))
  })
})

describe('words', () => {
  it('stand apart from the answer they came with: nothing but the survey and the community is in both', async () => {
    const { survey, key } = await anOpenSurvey()
    await byBallot(survey, key, { texts: [{ question: 'wish', sealed: sealed('more light') }, { question: 'safety', sealed: sealed('not asked for words') }, { question: 'unheard', sealed: sealed('nor this') }] })

    const columns = await world.sql<{ table_name: string, column_name: string }[]>`select table_name, column_name from information_schema.columns where table_schema = 'private' and table_name in ('survey_responses', 'survey_texts', 'survey_invitations') order by 1, 2`
    const of = (table: string) => columns.filter(({ table_name: name }) => name === table).map(({ column_name: name }) => name)
    expect([of('survey_responses'), of('survey_texts'), of('survey_invitations')]).toEqual([['answers', 'community_id', 'day', 'id', 'marks', 'source', 'survey_id'], ['community_id', 'id', 'question', 'survey_id', 'text_sealed'], ['community_id', 'is_used', 'survey_id', 'token_hash']])
    const [texts, [response]] = [await world.sql<{ id: string, question: string }[]>`select id, question from private.survey_texts where survey_id = ${survey}`, await world.sql<{ id: string }[]>`select id from private.survey_responses where survey_id = ${survey}`]
    expect(texts.map(({ question }) => question), 'only what asks for words takes some').toEqual(['wish'])
    expect(texts[0]!.id).not.toBe(response!.id)
    expect(JSON.stringify(await kept(survey))).not.toContain('wish')
  })

  it('are read by lead and chief when the survey is over, and the reading is logged', async () => {
    const { survey, key } = await anOpenSurvey()
    await byBallot(survey, key, { texts: [{ question: 'wish', sealed: sealed('more light') }] })
    const read = (who: Person) => named(who, 'list_survey_texts', { survey })
    expect(await read('chief_sun'), 'still open').toEqual(refused('status_order'))
    await end(survey)

    for (const who of [...notDesk, 'officer_wang'] as const) expect(await read(who), who).toEqual(refused('forbidden'))
    expect(await read('chief_far')).toEqual(refused('not_found'))
    expect((await log(survey)).map(({ action }) => action)).not.toContain('survey.texts_read')
    expect(await read('lead_zhao')).toEqual({ ok: true, texts: [{ question: 'wish', community: await slugOf('pingAn'), text_sealed: sealed('more light') }] })
    expect((await log(survey)).map(({ action }) => action)).toContain('survey.texts_read')
  })
})

describe('marks', () => {
  it('of a network: beyond one in sixty of those that count already; open ones then count nowhere, ballots always', async () => {
    const { survey, key } = await anOpenSurvey()
    const [network, another] = [aHash(), aHash()]
    for (let time = 0; time < 130; time++) await byBallot(survey, key)
    for (let time = 0; time < 8; time++) expect(await byBallot(survey, key, { network })).toMatchObject({ ok: true })
    for (let time = 0; time < 4; time++) await openly(survey, { network: another })

    const marked = (await kept(survey)).filter(({ marks }) => marks.includes('network')).map(({ source }) => source)
    expect([marked.filter(source => source === 'ballot').length, marked.filter(source => source === 'open').length]).toEqual([8 - networkAllowance(130), 4 - networkAllowance(0)])
    expect(await tallies(survey)).toEqual([{ source: 'ballot', answers: 138, counted: 138 }, { source: 'open', answers: 4, counted: 1 }])
  })

  it('of a device of the station: set, and left out of open answers', async () => {
    const { survey, key } = await anOpenSurvey()
    await openly(survey, { is_staff: true })
    await byBallot(survey, key, { is_staff: true })

    const found = await kept(survey)
    expect(found.map(({ source, marks }) => [source, marks]).sort()).toEqual([['ballot', ['staff']], ['open', ['staff']]])
    expect(countsAsOpen(['staff'])).toBe(false)
    expect(await tallies(survey)).toEqual([{ source: 'ballot', answers: 1, counted: 1 }, { source: 'open', answers: 1, counted: 0 }])
  })

  it.each([[[]], [[3, 20]], [[30, 40, 50, 60]], [[2, 2, 100]]])('of a burst: open answers of one hour beyond what is usual after hours with %j; they count all the same', async (hours) => {
    const { survey, key } = await anOpenSurvey()
    for (const [at, count] of hours.entries()) await world.sql`insert into private.answer_hours (occasion_id, hour, answers, closes_at) values (${survey}, date_trunc('hour', private.clock()) - make_interval(hours => ${at + 1}), ${count}, private.clock() + interval '1 day')`
    const limit = burstLimit(hours)

    await world.sql`insert into private.answer_hours (occasion_id, hour, answers, closes_at) values (${survey}, date_trunc('hour', private.clock()), ${limit - 2}, private.clock() + interval '1 day') on conflict do nothing`
    for (let time = 0; time < 2; time++) await openly(survey)
    expect((await kept(survey)).filter(({ marks }) => marks.includes('burst')), 'the last usual one').toHaveLength(0)
    for (let time = 0; time < 3; time++) await openly(survey)
    await byBallot(survey, key)

    expect((await kept(survey)).filter(({ marks }) => marks.includes('burst')).map(({ source }) => source)).toEqual(['open', 'open', 'open'])
    expect(await tallies(survey)).toEqual([{ source: 'ballot', answers: 1, counted: 1 }, { source: 'open', answers: 5, counted: 5 }])
  })
})
