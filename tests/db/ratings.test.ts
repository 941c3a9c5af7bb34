import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { burstLimit } from '#shared/trust/response-marks'
import { aSignature, grades, ratingActs } from './ratings-builder.ts'
import { type Submission, aHash, failureOf, hex64, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const { server, own, verify, aRound, end, aDraw, spend } = ratingActs(() => world)
const ratingsOf = (subject: string) => world.sql`select source, knows, familiar, satisfied, prompt, polite, effective, marks from private.ratings where subject_id = ${subject}`
const open = async (at: string) => (await world.sql<{ did: boolean }[]>`select private.open_rating_round(${world.station.home}, ${at}::timestamptz) as did`)[0]!.did

beforeAll(async () => {
  world = await buildWorld()
  await verify('amina_resident')
})
afterAll(() => world?.close())

describe('a round', () => {
  it('opens once in its month, about the officer whom each community has that day', async () => {
    expect(await open('2031-05-03T04:00:00Z')).toBe(true)

    expect(await open('2031-05-04T04:00:00Z')).toBe(false)
    const [round] = await world.sql<{ id: string, opens: string, closes: string }[]>`select id, to_char(opens_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') as opens, to_char(closes_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') as closes from private.rating_rounds where station_id = ${world.station.home} and month = '2031-05-01'`
    expect(round).toMatchObject({ opens: '05-01 00:00', closes: '05-21 00:00' })
    const subjects = await world.sql`select community_id, officer_id, eligible from private.rating_subjects where round_id = ${round!.id} order by eligible desc`
    expect(subjects).toEqual([
      { community_id: world.community.pingAn, officer_id: world.person.officer_wang.id, eligible: 1 }, { community_id: world.community.changLe, officer_id: world.person.officer_li.id, eligible: 0 },
    ])
  })

  it('does not open before its day, after it is over, or where the station has turned it off', async () => {
    await world.sql`insert into private.rating_settings (station_id, opens_day, days) values (${world.station.home}, 10, 10)`
    expect(await open('2031-06-09T15:59:00Z'), 'still the ninth in Shanghai').toBe(false)
    expect(await open('2031-06-19T16:00:00Z'), 'the twentieth').toBe(false)
    await world.sql`update private.rating_settings set is_on = false where station_id = ${world.station.home}`
    expect(await open('2031-06-10T16:00:00Z')).toBe(false)
    await world.sql`update private.rating_settings set is_on = true where station_id = ${world.station.home}`
    expect(await open('2031-06-09T16:00:00Z')).toBe(true)
    await world.sql`delete from private.rating_settings where station_id = ${world.station.home}`
  })

  it('is seen by everybody, without anything of what was said', async () => {
    const { round, subject, key } = await aRound()
    await spend(key)

    const { data } = await world.guest.rpc('list_open_ratings')

    const found = data.rounds.find(({ subjects }: { subjects: { id: string }[] }) => subjects.some(({ id }) => id === subject))
    expect(Object.keys(found).sort()).toEqual(['closes_at', 'month', 'station', 'subjects'])
    expect(found.subjects).toEqual([{ id: subject, community: expect.any(String), officer: world.person.officer_wang.id, key: { id: key, spki: expect.any(String) } }])
    await end(round)
    expect(JSON.stringify((await world.guest.rpc('list_open_ratings')).data)).not.toContain(subject)
  })
})

describe('a ballot', () => {
  it('is drawn once by a verified resident; the same message gets the same signature, another one none', async () => {
    const { key } = await aRound()
    const draw = await aDraw('amina_resident', key)
    const signature = aSignature()

    expect(await server('begin_draw', draw)).toMatchObject({ ok: true, private_sealed: expect.any(String) })
    expect(await server('keep_draw', { ...draw, blind_signature: signature })).toEqual({ ok: true, blind_signature: signature })

    expect(await server('begin_draw', draw)).toEqual({ ok: true, blind_signature: signature })
    expect(await server('keep_draw', { ...draw, blind_signature: aSignature() })).toEqual({ ok: true, blind_signature: signature })
    expect(await server('begin_draw', { ...draw, blinded_hash: hex64() })).toEqual({ ok: false, code: 'ballot_drawn' })
    expect(await server('keep_draw', { ...draw, blinded_hash: hex64(), blind_signature: aSignature() })).toEqual({ ok: false, code: 'ballot_drawn' })
  })

  it('drawn on two phones at once is drawn on one', async () => {
    const { key } = await aRound()
    const draws = await Promise.all(Array.from({ length: 12 }, () => aDraw('amina_resident', key)))

    const answers = await Promise.all(draws.map(draw => server('keep_draw', { ...draw, blind_signature: aSignature() })))

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.filter(({ code }) => code === 'ballot_drawn')).toHaveLength(11)
  })

  it.each([
    ['bo_resident', 'not_verified', 'who is not verified'], ['officer_li', 'not_verified', 'who is staff'], ['chief_sun', 'not_verified', 'who is staff'],
  ] as const)('is not for %s', async (who: Person, code) => {
    const { key } = await aRound()

    expect(await server('begin_draw', await aDraw(who, key))).toEqual({ ok: false, code })
    expect(await server('keep_draw', { ...await aDraw(who, key), blind_signature: aSignature() })).toEqual({ ok: false, code })
  })

  it('is not for whom the rated officer alone has confirmed', async () => {
    const { key } = await aRound()
    await verify('bo_resident', 'officer_wang')
    expect(await server('begin_draw', await aDraw('bo_resident', key))).toEqual({ ok: false, code: 'not_verified' })
    await verify('bo_resident', 'officer_li')
    expect(await server('begin_draw', await aDraw('bo_resident', key))).toMatchObject({ ok: true })
    await world.sql`delete from private.verifications where user_id = ${world.person.bo_resident.id}`
  })

  it('is not given out after the round, nor by a key that nobody knows or without a session', async () => {
    const { round, key } = await aRound()
    const draw = await aDraw('amina_resident', key)
    await end(round)

    expect(await server('begin_draw', draw)).toEqual({ ok: false, code: 'round_closed' })
    expect(await spend(key)).toEqual({ ok: false, code: 'round_closed' })
    expect(await server('begin_draw', { ...draw, key: crypto.randomUUID() })).toEqual({ ok: false, code: 'not_found' })
    expect(await failureOf(world.server.rpc('begin_draw', { p: { ...draw, session: crypto.randomUUID() } }))).toMatchObject({ status: 401 })
  })

  it('counts once, also when it is sent twenty times at the same moment', async () => {
    const { subject, key } = await aRound()
    const nullifier = hex64()

    const answers = await Promise.all(Array.from({ length: 20 }, () => spend(key, { nullifier })))

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.filter(({ code }) => code === 'ballot_spent')).toHaveLength(19)
    expect(await ratingsOf(subject)).toEqual([{ source: 'ballot', knows: true, familiar: 4, satisfied: 5, prompt: 4, polite: 5, effective: null, marks: [] }])
  })

  it('says what a rating may say', async () => {
    const { subject, key } = await aRound()
    for (const wrong of [{ knows: null }, { knows: 'yes' }, { satisfied: 6 }, { satisfied: 0 }, { polite: 2.5 }, { familiar: '4' }, { knows: false }]) expect(await spend(key, wrong), JSON.stringify(wrong)).toEqual({ ok: false, code: 'invalid_input' })
    expect(await ratingsOf(subject)).toEqual([])

    expect(await spend(key, { knows: false, familiar: null, satisfied: null, prompt: null, polite: null, effective: null })).toEqual({ ok: true })
    expect(await server('give_open_rating', { subject, limits: [], ...grades({ satisfied: 1, is_staff: true }) })).toEqual({ ok: true })
    expect((await ratingsOf(subject)).map(({ source, marks }) => [source, marks]).sort()).toEqual([['ballot', []], ['open', ['staff']]])
  })
})

describe('open ratings in a burst', () => {
  it.each([[[]], [[3, 20]], [[30, 40, 50, 60]]])('beyond what is usual after hours with %j are marked and count all the same; ballots are in no hour', async (hours) => {
    const { round, subject, key } = await aRound()
    const limit = burstLimit(hours)
    for (const [at, count] of [limit - 2, ...hours].entries()) await world.sql`insert into private.answer_hours (occasion_id, hour, answers, closes_at) values (${subject}, date_trunc('hour', private.clock()) - make_interval(hours => ${at}), ${count}, private.clock() + interval '1 day')`
    const openly = () => server('give_open_rating', { subject, limits: [], ...grades({ satisfied: 5 }) })
    const inBurst = async () => (await ratingsOf(subject)).filter(({ marks }) => (marks as string[]).includes('burst')).map(({ source }) => source)

    for (let time = 0; time < 2; time++) await openly()
    expect(await inBurst(), 'the last usual one').toEqual([])
    for (let time = 0; time < 3; time++) await openly()
    await spend(key)
    expect(await inBurst()).toEqual(['open', 'open', 'open'])

    const counts = await world.sql`select measure, base::integer, count::integer from private.count_ratings(${round}) where measure in ('open_satisfied', 'marked', 'burst') order by measure`
    expect(counts).toEqual([{ measure: 'burst', base: 5, count: 3 }, { measure: 'marked', base: 6, count: 0 }, { measure: 'open_satisfied', base: 5, count: 5 }])
    await end(round)
  })
})

describe('a link from the messenger', () => {
  /** Links a chat with an account and asks there. → its hash, and what was made */
  async function aPass(who: Person) {
    const [chat, pass] = [aHash(), aHash()]
    await world.sql`delete from private.telegram_links where user_id = ${world.person[who].id}`
    await world.sql`insert into private.telegram_links (user_id, chat_hash, handle_sealed, linked_at) values (${world.person[who].id}, ${chat}, ${sealed('chat')}, private.clock())`
    return { chat, pass, made: await server('make_ballot_pass', { chat, pass }) }
  }
  const byPass = (pass: string, key: string, changes: Submission = {}) => ({ pass, key, person: aHash(`${key} amina_resident`), blinded_hash: hex64(), ...changes })

  it('draws as whoever asked for it would, once, whichever way they come', async () => {
    const { round, key } = await aRound()
    const { pass, made } = await aPass('amina_resident')
    expect(made).toMatchObject({ ok: true, is_made: true, community: expect.any(String), surveys: [] })
    expect(await server('read_ballot_pass', { pass })).toEqual({ ok: true, user: world.person.amina_resident.id })
    expect(await server('read_ballot_standing', byPass(pass, key))).toEqual({ ok: true, gap: null, is_drawn: false })

    const [draw, signature] = [byPass(pass, key), aSignature()]
    expect(await server('begin_draw', draw)).toMatchObject({ ok: true, private_sealed: expect.any(String) })
    expect(await server('keep_draw', { ...draw, blind_signature: signature })).toEqual({ ok: true, blind_signature: signature })

    expect(await server('begin_draw', draw), 'an answer that was lost').toEqual({ ok: true, blind_signature: signature })
    expect(await server('begin_draw', await aDraw('amina_resident', key)), 'with a session').toEqual({ ok: false, code: 'ballot_drawn' })
    expect(await server('keep_draw', { ...byPass(pass, key), blind_signature: aSignature() })).toEqual({ ok: false, code: 'ballot_drawn' })
    await end(round)
  })

  it('is worth nothing after half an hour, once the chat is another\'s, or with the publishable key', async () => {
    const { round, key } = await aRound()
    const { chat, pass } = await aPass('amina_resident')
    expect(await failureOf(world.guest.rpc('make_ballot_pass', { p: { chat, pass: aHash() } }))).toMatchObject({ status: 401 })
    expect(await failureOf((await world.as('bo_resident')).rpc('read_ballot_pass', { p: { pass } }))).toMatchObject({ status: 403 })

    await world.sql`update private.telegram_links set user_id = ${world.person.bo_resident.id} where chat_hash = ${chat}`
    expect(await server('begin_draw', byPass(pass, key))).toEqual({ ok: false, code: 'sign_in_required' })
    await world.sql`update private.telegram_links set user_id = ${world.person.amina_resident.id} where chat_hash = ${chat}`
    expect(await server('begin_draw', byPass(pass, key))).toMatchObject({ ok: true })
    await world.sql`update private.ballot_passes set expires_at = private.clock() where pass_hash = ${pass}`
    for (const call of ['begin_draw', 'keep_draw']) expect(await server(call, { ...byPass(pass, key), blind_signature: aSignature() }), call).toEqual({ ok: false, code: 'sign_in_required' })
    expect(await server('read_ballot_pass', { pass })).toEqual({ ok: true, user: null })

    await end(round)
  })

  it('is one of the last five that somebody asked for; older ones end', async () => {
    const { round } = await aRound()
    const { chat } = await aPass('amina_resident')
    for (let time = 0; time < 12; time++) await server('make_ballot_pass', { chat, pass: aHash() })
    const newest = aHash()
    await server('make_ballot_pass', { chat, pass: newest })

    const kept = await world.sql<{ pass_hash: string }[]>`select pass_hash from private.ballot_passes where user_id = ${world.person.amina_resident.id}`
    expect(kept).toHaveLength(5)
    expect(kept.map(({ pass_hash: hash }) => hash)).toContain(newest)
    await end(round)
  })

  it.each([['bo_resident', 'who is not verified'], ['officer_li', 'who is staff']] as const)('is none for %s, %s, nor for a chat that is linked with nobody', async (who) => {
    const { round } = await aRound()
    expect((await aPass(who)).made).toEqual({ ok: true, is_made: false, community: null, surveys: [] })
    expect(await server('make_ballot_pass', { chat: aHash(), pass: aHash() })).toMatchObject({ is_made: false })
    expect(await world.sql`select from private.ballot_passes where user_id = ${world.person[who].id}`).toHaveLength(0)
    await end(round)
  })
})

describe('what is published', () => {
  const due = async (round: string) => {
    const [row] = await world.sql<{ month: string }[]>`select to_char(month, 'YYYY-MM-DD') as month from private.rating_rounds where id = ${round}`
    const { periods } = await server('count_due_ratings', {}) as unknown as { periods: { station_id: string, starts_on: string, counts: { measure: string, base: number, count: number }[] }[] }
    return periods.find(period => period.station_id === world.station.home && period.starts_on === row!.month)
  }

  it('is counted once the round is over: grades of those who gave one, four and five of five, ballots and open answers apart', async () => {
    const { round, subject, key } = await aRound()
    for (const satisfied of [5, 4, 3, null]) await spend(key, { satisfied })
    await spend(key, { knows: false, familiar: null, satisfied: null, prompt: null, polite: null, effective: null })
    await server('give_open_rating', { subject, limits: [], ...grades({ satisfied: 1 }) })
    await server('give_open_rating', { subject, limits: [], ...grades({ satisfied: 5, is_staff: true }) })
    expect(await due(round), 'nothing while it is open').toBeUndefined()
    await end(round)

    const counts = Object.fromEntries(((await due(round))?.counts ?? []).map(({ measure, base, count }) => [measure, [base, count]]))

    expect(counts).toEqual({
      knows: [5, 4], familiar: [4, 4], satisfied: [3, 2], prompt: [4, 4], polite: [4, 4], turnout: [40, 5], open_knows: [1, 1], open_satisfied: [1, 0], marked: [7, 1], burst: [2, 0],
    })
  })

  it('is out for good: a second release of the month adds nothing, whatever else comes in', async () => {
    const { round } = await aRound()
    await end(round)
    const period = await due(round)
    const release = { station: world.station.home, topic: 'ratings', period: 'month', starts_on: period?.starts_on, figures: [{ measure: 'knows', scope: 'station', base: 20, count: 15 }] }

    expect(await server('release_figures', release)).toMatchObject({ is_new: true })
    expect(await server('release_figures', { ...release, figures: [{ measure: 'knows', scope: 'station', base: 25, count: 15 }] })).toMatchObject({ is_new: false })
    expect(await due(round)).toBeUndefined()
    await expect(server('release_figures', { ...release, starts_on: '1990-01-01', figures: [{ measure: 'knows', scope: 'station', base: 9, count: 5 }] }), 'nothing below ten, whoever writes').rejects.toThrow('figures_are_controlled')
  })
})

describe('a comment', () => {
  const waiting = async (who: Person) => (await server('list_rating_comments', await world.actor(who))).comments as { id: string, subject: string, text_sealed: string }[]
  async function aComment() {
    const made = await aRound()
    await spend(made.key, { comment_sealed: sealed('谢谢王警官') })
    const [row] = await world.sql<{ id: string }[]>`select id from private.rating_comments where subject_id = ${made.subject}`
    return { ...made, id: row!.id }
  }

  it('is read by lead and chief before it is published, never by whom it is about, and stands beside no grade', async () => {
    const { id } = await aComment()

    for (const who of ['lead_zhao', 'chief_sun'] as const) expect((await waiting(who)).map(comment => comment.id)).toContain(id)
    for (const who of ['officer_wang', 'officer_li', 'chief_far'] as const) expect((await waiting(who)).map(comment => comment.id), who).not.toContain(id)
    for (const who of ['auditor_wu', 'admin_zheng', 'amina_resident'] as const) expect(await server('list_rating_comments', await world.actor(who)), who).toEqual({ ok: false, code: 'forbidden' })
    for (const who of ['officer_wang', 'officer_li', 'chief_far'] as const) expect(await own(who, 'decide_rating_comment', { id, publish: false }), who).toEqual({ ok: false, code: 'not_found' })
    expect(Object.keys((await waiting('lead_zhao'))[0] ?? {}).sort()).toEqual(['community', 'day', 'id', 'month', 'subject', 'text_sealed'])
  })

  it('is published in the moderator\'s version or refused; the sealed words go either way', async () => {
    const { id } = await aComment()
    const other = await aComment()

    expect(await own('lead_zhao', 'decide_rating_comment', { id, publish: true, text: '' })).toEqual({ ok: false, code: 'invalid_input' })
    expect(await own('lead_zhao', 'decide_rating_comment', { id, publish: true, text: '谢谢社区民警' })).toEqual({ ok: true })
    expect(await own('chief_sun', 'decide_rating_comment', { id: other.id, publish: false })).toEqual({ ok: true })

    expect(await own('chief_sun', 'decide_rating_comment', { id, publish: false })).toEqual({ ok: false, code: 'not_found' })
    expect(await world.sql`select state, text_sealed, text_published from private.rating_comments where id in ${world.sql([id, other.id])} order by state`).toEqual([
      { state: 'published', text_sealed: null, text_published: '谢谢社区民警' }, { state: 'refused', text_sealed: null, text_published: null },
    ])
  })

  it('is answered by the rated officer, once the round is over', async () => {
    const { id, round } = await aComment()
    const answer = (who: Person, text = '谢谢，我会继续努力。') => own(who, 'answer_rating_comment', { id, text })
    expect(await answer('officer_wang'), 'not published yet').toEqual({ ok: false, code: 'not_found' })
    await own('lead_zhao', 'decide_rating_comment', { id, publish: true, text: '谢谢' })
    expect(await answer('officer_wang')).toEqual({ ok: false, code: 'status_order' })
    await end(round)

    for (const who of ['officer_li', 'lead_zhao', 'chief_sun'] as const) expect(await answer(who), who).toEqual({ ok: false, code: 'not_found' })
    expect(await answer('officer_wang', '')).toEqual({ ok: false, code: 'invalid_input' })
    expect(await answer('officer_wang')).toEqual({ ok: true })
    expect(await world.sql`select answer from private.rating_comments where id = ${id}`).toEqual([{ answer: '谢谢，我会继续努力。' }])
  })
})
