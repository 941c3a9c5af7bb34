import { createClient } from '@supabase/supabase-js'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { drawnSchema } from '#shared/ratings/rating-schema'
import { answeredSurveySchema, openSurveySchema, surveyListSchema, type OpenSurvey } from '#shared/surveys/survey-schema'
import { surveyResultsSchema } from '#shared/surveys/survey-results'
import { blindBallot, unblindBallot } from '#shared/trust/blind-ballot'
import { aVerifiedResident, newPassword, openRatingRound } from '../arrange-rating.ts'
import { closeSurvey, openSurvey } from '../arrange-survey.ts'
import { rawPool } from '../bench/station.ts'
import { problemOf, send, signedIn } from './portal-client.ts'

const portal = inject('portal')
const links = ['lettera', 'letterb', 'letterc'].map(name => name.padEnd(26, '2'))
const safe = { night: 'yes', often: 4, age: 33, wish: '' }
const answer = (survey: string, json: Record<string, unknown>) => send('POST', `/api/surveys/${survey}/responses`, { json: { answers: safe, ...json } })

async function aSession(): Promise<{ cookie: string }> {
  const email = await aVerifiedResident(portal)
  const signedIn = await send('POST', '/api/session', { json: { email, password: newPassword } })
  expect(signedIn.status).toBe(204)
  return { cookie: signedIn.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ') }
}
async function aBallot({ id, spki }: { id: string, spki: string }) {
  const blinded = await blindBallot(spki)
  const { blindSignature } = drawnSchema.parse((await send('POST', '/api/ratings/ballots', { ...await aSession(), json: { key: id, blinded: blinded.blinded } })).body)
  return { key: id, ...await unblindBallot(spki, blinded, blindSignature) }
}
const keyOf = (survey: OpenSurvey, slug = 'ping-an') => {
  const key = survey.communities.find(community => community.slug === slug)?.key
  if (!key) throw new Error('no key was made')
  return key
}
async function kept(survey: string) {
  const pool = rawPool(portal, 1)
  const { rows } = await pool.query<{ source: string, slug: string | null, answers: unknown, marks: string[] }>('select r.source, c.slug, r.answers, r.marks from private.survey_responses r left join public.communities c on c.id = r.community_id where r.survey_id = $1 order by r.source', [survey])
  const { rows: texts } = await pool.query('select t.text_sealed from private.survey_texts t where t.survey_id = $1', [survey])
  await pool.end()
  return { rows, texts }
}

let byBallot: OpenSurvey
let byLink: OpenSurvey
beforeAll(async () => {
  const ids = [await openSurvey(portal), await openSurvey(portal, { mode: 'invited', links })]
  const [first, second] = await Promise.all(ids.map(async id => openSurveySchema.parse((await send('GET', `/api/surveys/${id}`)).body).survey))
  if (!first || !second) throw new Error('no survey is open')
  ;[byBallot, byLink] = [first, second]
})

describe('a survey over the API', () => {
  it('is listed with what everybody may know', async () => {
    const { surveys } = surveyListSchema.parse((await send('GET', '/api/surveys')).body)

    expect(surveys.find(({ id }) => id === byBallot.id)).toMatchObject({ state: 'open', mode: 'ballot', isOpenToAll: true })
    expect(surveys.find(({ id }) => id === byLink.id)?.communities.map(({ key }) => key)).toEqual([null, null])
    expect(problemOf(await send('GET', `/api/surveys/${crypto.randomUUID()}`)).code).toBe('not_found')
  })

  it('counts a ballot once, and a text stands apart from what it came with', async () => {
    const ballot = await aBallot(keyOf(byBallot))

    const given = await answer(byBallot.id, { ballot, answers: { ...safe, wish: '多装几盏路灯' } })

    expect([given.status, answeredSurveySchema.parse(given.body)]).toEqual([201, { counted: 'ballot' }])
    expect(problemOf(await answer(byBallot.id, { ballot })).code).toBe('ballot_spent')
    const { rows, texts } = await kept(byBallot.id)
    expect(rows).toEqual([{ source: 'ballot', slug: 'ping-an', answers: { night: 'yes', often: 4, age: 33 }, marks: [] }])
    expect(texts).toHaveLength(1)
    expect(JSON.stringify(texts)).not.toContain('路灯')
  })

  it('takes no ballot of another survey, of a rating, forged or of another key', async () => {
    await openRatingRound(portal)
    const other = openSurveySchema.parse((await send('GET', `/api/surveys/${await openSurvey(portal)}`)).body).survey
    const ballot = await aBallot(keyOf(other))

    expect(problemOf(await answer(byBallot.id, { ballot })).code).toBe('ballot_invalid')
    expect(problemOf(await answer(byBallot.id, { ballot: { ...ballot, key: keyOf(byBallot).id } })).code).toBe('ballot_invalid')
    expect(problemOf(await send('POST', '/api/ratings', { json: { ballot, answers: { knows: false } } })).code).toBe('ballot_invalid')
    expect((await answer(other.id, { ballot })).status).toBe(201)
  })

  it('counts a link once, also when it comes twenty times at once, and never one that nobody made', async () => {
    const [first, second] = links

    expect(answeredSurveySchema.parse((await answer(byLink.id, { token: first })).body)).toEqual({ counted: 'invited' })
    expect(problemOf(await answer(byLink.id, { token: first })).code).toBe('link_used')
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await answer(byLink.id, { token: second })).status))
    expect(statuses.toSorted()).toEqual([201, ...Array.from({ length: 19 }, () => 409)])
    expect(problemOf(await answer(byLink.id, { token: 'a'.repeat(26) })).code).toBe('not_found')
    expect(problemOf(await answer(byBallot.id, { token: links[2] })).code).toBe('not_found')
  })

  it('keeps open answers apart, by community if somebody says which', async () => {
    expect(answeredSurveySchema.parse((await answer(byLink.id, { community: 'chang-le' })).body)).toEqual({ counted: 'open' })
    expect(problemOf(await answer(byLink.id, { community: 'he-xie' })).code, 'not asked there').toBe('invalid')
    expect((await kept(byLink.id)).rows.filter(({ source }) => source === 'open')).toEqual([{ source: 'open', slug: 'chang-le', answers: { night: 'yes', often: 4, age: 33 }, marks: [] }])
  })

  it('drops what lies off the way, and says what is wrong with each answer', async () => {
    const off = await answer(byLink.id, { answers: { night: 'yes', worries: ['dark'], often: 2, age: null, wish: null } })
    expect(off.status).toBe(201)
    expect((await kept(byLink.id)).rows.some(({ answers }) => JSON.stringify(answers).includes('dark'))).toBe(false)

    const wrong = problemOf(await answer(byLink.id, { answers: { night: 'no', worries: ['dark', 'none'], places: { park: 'good', pond: 'good' }, often: 9, age: 12.5, wish: 'x'.repeat(201) } }))
    expect([wrong.code, Object.keys(wrong.errors ?? {}).toSorted()]).toEqual(['invalid', ['age', 'often', 'places', 'wish', 'worries']])
    expect(problemOf(await answer(byLink.id, { answers: { night: null } })).code, 'required').toBe('invalid')
    expect(problemOf(await answer(byLink.id, { answers: { colour: 'red', ...safe } })).code).toBe('invalid')
    expect(problemOf(await answer(byLink.id, { answers: {} })).code).toBe('invalid')
  })

  it('counts what somebody answered who stopped, and nothing that was not asked for', async () => {
    expect(problemOf(await answer(byLink.id, { answers: { night: 'no' } })).code).toBe('invalid')
    expect((await answer(byLink.id, { answers: { night: 'no' }, partial: true })).status).toBe(201)
    expect(problemOf(await answer(byLink.id, { answers: {}, partial: true })).code).toBe('invalid')
  })

  it('marks an open answer that the form sends with a session of staff, says so beforehand, and counts it nowhere', async () => {
    const survey = await openSurvey(portal)
    const form = (cookie?: string) => send('POST', `/en/surveys/${survey}`, { body: new URLSearchParams({ at: 'check', soFar: JSON.stringify(safe), partial: '' }), headers: { 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) } })
    const officer = await signedIn('officer')
    expect((await send('GET', `/en/surveys/${survey}`, { cookie: officer })).text).toContain('marked as from the station')
    expect((await send('GET', `/en/surveys/${survey}`)).text).not.toContain('marked as from the station')

    for (const cookie of [officer, undefined]) expect((await form(cookie)).headers.get('location')).toContain('did=open')
    expect((await kept(survey)).rows.map(({ marks }) => marks.includes('staff')).toSorted()).toEqual([false, true])
  })

  it('bears 30 MB of nonsense', async () => {
    const nonsense = await send('POST', `/api/surveys/${byLink.id}/responses`, { json: { answers: { wish: 'x'.repeat(30 * 1024 * 1024) } } })
    expect(problemOf(nonsense).code).toBe('too_large')
  })

  it('shows no answer to anybody while it is open, and only rounded numbers of ten and more when it is over', async () => {
    const survey = await openSurvey(portal)
    for (let index = 0; index < 24; index++) expect((await answer(survey, { community: 'ping-an', answers: { ...safe, night: index < 16 ? 'yes' : 'no' }, partial: true })).status).toBe(201)
    const guest = createClient(portal.supabaseUrl, portal.keys.publishableKey)
    expect(surveyResultsSchema.parse((await send('GET', `/api/surveys/${survey}/results`)).body).releasedAt).toBeNull()
    for (const name of ['survey_responses', 'survey_texts', 'survey_invitations', 'surveys']) expect((await guest.schema('private' as never).from(name as never).select()).error, name).not.toBeNull()
    expect((await guest.rpc('list_survey_answers' as never, { p: { survey } } as never)).error).not.toBeNull()

    await closeSurvey(portal, survey)

    const results = surveyResultsSchema.parse((await send('GET', `/api/surveys/${survey}/results`)).body)
    expect(results.releasedAt).not.toBeNull()
    expect(results.questions.every(({ counted }) => counted === null), 'no ballot was cast').toBe(true)
    const open = results.questions.find(({ question }) => question === 'night')?.open
    expect([(open?.base ?? 1) % 5, ...open?.shares.map(({ count }) => count % 5) ?? []]).toEqual([0, 0, 0, 0])
    expect(problemOf(await answer(survey, {})).code).toBe('round_closed')
    const csv = await (await fetch(`${portal.url}/api/surveys/${survey}/results.csv`)).text()
    expect(csv.split('\r\n').filter(line => line.startsWith('night')).map(line => Number(line.split(',')[5])).toSorted()).toEqual(open?.shares.map(({ count }) => count).toSorted())
  })
})
