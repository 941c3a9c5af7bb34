import { createClient } from '@supabase/supabase-js'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { deskRatingsSchema } from '#shared/ratings/moderation-schema'
import { ratingMeasures } from '#shared/communities/figures'
import { ratingColumns, ratingResultsSchema } from '#shared/ratings/rating-results'
import { drawnSchema, givenRatingSchema, openRatingsSchema } from '#shared/ratings/rating-schema'
import { blindBallot, unblindBallot } from '#shared/trust/blind-ballot'
import { aBallotPass, aVerifiedResident, newPassword, openRatingRound } from '../arrange-rating.ts'
import { rawPool } from '../bench/station.ts'
import { problemOf, send, signedIn } from './portal-client.ts'

const portal = inject('portal')
const cookies: Record<string, string> = {}
const as = (who: string) => ({ cookie: cookies[who] ?? '' })
const answers = (changes: Record<string, unknown> = {}) => ({ knows: true, familiar: 4, satisfied: 5, prompt: 4, polite: 5, effective: null, comment: '', ...changes })

/** Somebody verified, signed in. */
async function aResident(): Promise<string> {
  const email = await aVerifiedResident(portal)
  const answer = await send('POST', '/api/session', { json: { email, password: newPassword } })
  expect(answer.status).toBe(204)
  cookies[email] = answer.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ')
  return email
}

let subject: { id: string, key: { id: string, spki: string } }
beforeAll(async () => {
  for (const who of ['resident2', 'officer', 'officer2', 'lead'] as const) cookies[who] = await signedIn(who)
  await openRatingRound(portal)
  const { rounds } = openRatingsSchema.parse((await send('GET', '/api/ratings')).body)
  const found = rounds[0]?.subjects.find(({ community }) => community === 'ping-an')
  if (!found?.key) throw new Error('no round is open about Ping\'an')
  subject = { id: found.id, key: found.key }
})

const draw = (who: string, blinded: string, key = subject.key.id) => send('POST', '/api/ratings/ballots', { ...as(who), json: { key, blinded } })
async function aBallot(who: string) {
  const blinded = await blindBallot(subject.key.spki)
  const { blindSignature } = drawnSchema.parse((await draw(who, blinded.blinded)).body)
  return { key: subject.key.id, ...await unblindBallot(subject.key.spki, blinded, blindSignature) }
}
const give = (json: unknown) => send('POST', '/api/ratings', { json })

describe('a ballot over the API', () => {
  it('is drawn with a session and spent without one, once', async () => {
    const ballot = await aBallot(await aResident())

    const given = await give({ ballot, answers: answers() })

    expect([given.status, givenRatingSchema.parse(given.body)]).toEqual([201, { counted: 'ballot' }])
    expect(problemOf(await give({ ballot, answers: answers({ satisfied: 1 }) })).code).toBe('ballot_spent')
  })

  it('is signed once for each resident; the same message again gets the same signature', async () => {
    const who = await aResident()
    const { blinded } = await blindBallot(subject.key.spki)
    const first = drawnSchema.parse((await draw(who, blinded)).body)

    expect(drawnSchema.parse((await draw(who, blinded)).body)).toEqual(first)
    expect(problemOf(await draw(who, (await blindBallot(subject.key.spki)).blinded)).code).toBe('ballot_drawn')
  })

  it('is for verified residents of that community: no guest, nobody else, no staff', async () => {
    const { blinded } = await blindBallot(subject.key.spki)

    expect(problemOf(await send('POST', '/api/ratings/ballots', { json: { key: subject.key.id, blinded } })).code).toBe('sign_in_required')
    for (const who of ['resident2', 'officer', 'officer2', 'lead']) expect(problemOf(await draw(who, blinded)).code, who).toBe('not_verified')
    expect(problemOf(await draw(await aResident(), blinded, crypto.randomUUID())).code).toBe('not_found')
  })

  it('that is forged, changed or of another key is none', async () => {
    const ballot = await aBallot(await aResident())
    const { message } = await blindBallot(subject.key.spki)

    expect(problemOf(await give({ ballot: { ...ballot, message }, answers: answers() })).code).toBe('ballot_invalid')
    expect(problemOf(await give({ ballot: { ...ballot, signature: `${ballot.signature.slice(0, -4)}AAAA` }, answers: answers() })).code).toBe('ballot_invalid')
    expect(problemOf(await give({ ballot: { ...ballot, key: crypto.randomUUID() }, answers: answers() })).code).toBe('not_found')
    const who = await aResident()
    for (const blinded of ['AAAA', '!', 'A'.repeat(800)]) expect(['invalid', 'ballot_invalid']).toContain(problemOf(await draw(who, blinded)).code)
  })

  it('says what a rating may say, and an open one says whom it is about', async () => {
    const ballot = await aBallot(await aResident())

    for (const wrong of [{ satisfied: 6 }, { satisfied: 2.5 }, { knows: 'yes' }, { knows: false }, { comment: 'x'.repeat(1001) }]) expect(problemOf(await give({ ballot, answers: answers(wrong) })).code, JSON.stringify(wrong)).toBe('invalid')
    expect(problemOf(await give({ answers: answers() })).code).toBe('invalid')
    expect(problemOf(await give({ ballot, subject: subject.id, answers: answers() })).code).toBe('invalid')
    expect(givenRatingSchema.parse((await give({ subject: subject.id, answers: answers({ comment: '谢谢' }) })).body)).toEqual({ counted: 'open' })
    expect(problemOf(await give({ subject: crypto.randomUUID(), answers: answers() })).code).toBe('not_found')
    expect((await give({ ballot, answers: answers() })).status).toBe(201)
  })

  it('marks an open answer that the form sends with a session of staff, says so beforehand, and keeps nothing of whose it is', async () => {
    const pool = rawPool(portal, 1)
    const kept = async () => (await pool.query<{ said: string }>('select r.source || \' \' || r.marks::text as said from private.ratings r where r.subject_id = $1 and r.prompt = 2 and r.polite = 1 order by 1', [subject.id])).rows.map(({ said }) => said)
    const form = (who: string) => send('POST', '/en/ratings?community=ping-an', {
      body: new URLSearchParams({ subject: subject.id, knows: 'yes', familiar: '', satisfied: '', prompt: '2', polite: '1', effective: '', comment: '' }), headers: { 'sec-fetch-site': 'same-origin', ...(cookies[who] && { cookie: cookies[who] }) },
    })
    expect((await send('GET', '/en/ratings?community=ping-an', as('officer2'))).text).toContain('Your answer is marked')
    expect((await send('GET', '/en/ratings?community=ping-an', as('resident2'))).text).not.toContain('Your answer is marked')
    expect((await send('GET', '/en/ratings?community=ping-an')).text).not.toContain('Your answer is marked')

    for (const who of ['resident2', 'nobody', 'officer', 'lead']) expect((await form(who)).headers.get('location'), who).toContain('did=open')
    const marks = await kept()
    await pool.end()

    expect(marks).toEqual(['open {staff}', 'open {staff}', 'open {}', 'open {}'])
  })

  it('is drawn by the link that the bot sent, in place of a session, and counts once, with script and without', async () => {
    const [ming, lan] = [await aVerifiedResident(portal), await aVerifiedResident(portal)]
    const pass = await aBallotPass(portal, ming)
    const page = await send('GET', `/en/ratings?community=ping-an&pass=${pass}`)
    expect(page.text).toContain('You have a ballot')
    expect(page.headers.get('referrer-policy'), 'the link is told to no other site').toBe('same-origin')
    const blinded = await blindBallot(subject.key.spki)
    const drawn = await send('POST', `/api/ratings/ballots?pass=${pass}`, { json: { key: subject.key.id, blinded: blinded.blinded } })
    const ballot = { key: subject.key.id, ...await unblindBallot(subject.key.spki, blinded, drawnSchema.parse(drawn.body).blindSignature) }
    expect((await give({ ballot, answers: answers() })).status).toBe(201)
    expect(problemOf(await send('POST', `/api/ratings/ballots?pass=${pass}`, { json: { key: subject.key.id, blinded: (await blindBallot(subject.key.spki)).blinded } })).code).toBe('ballot_drawn')

    const form = (passOfForm: string) => send('POST', `/en/ratings?community=ping-an&pass=${passOfForm}`, { body: new URLSearchParams({ subject: subject.id, knows: 'yes', familiar: '', satisfied: '3', prompt: '', polite: '', effective: '', comment: '' }), headers: { 'sec-fetch-site': 'same-origin' } })
    const ofLan = await aBallotPass(portal, lan)
    expect((await form(ofLan)).headers.get('location')).toMatch(/community=ping-an&did=ballot$/)
    expect((await send('GET', `/en/ratings?community=ping-an&pass=${ofLan}`)).text).toContain('Your ballot was drawn.')
    expect((await form(ofLan)).status).toBe(409)
  })

  it('is not drawn by a link that is over, invented or of another community; the page says so and where to get a new one', async () => {
    const who = await aVerifiedResident(portal)
    const pass = await aBallotPass(portal, who)
    const { blinded } = await blindBallot(subject.key.spki)
    const elsewhere = openRatingsSchema.parse((await send('GET', '/api/ratings')).body).rounds[0]?.subjects.find(({ community }) => community !== 'ping-an')
    expect(problemOf(await send('POST', `/api/ratings/ballots?pass=${pass}`, { json: { key: elsewhere?.key?.id, blinded } })).code).toBe('not_verified')
    const pool = rawPool(portal, 1)
    await pool.query('update private.ballot_passes b set expires_at = private.clock() from auth.users u where u.id = b.user_id and u.email = $1', [who])
    await pool.end()

    for (const bad of [pass, 'A'.repeat(32), 'x', `${pass}'--`]) expect(problemOf(await send('POST', `/api/ratings/ballots?pass=${encodeURIComponent(bad)}`, { json: { key: subject.key.id, blinded } })).code, bad).toBe('sign_in_required')
    const page = (await send('GET', `/en/ratings?community=ping-an&pass=${pass}`)).text
    expect(page).toContain('The link from the chat is over')
    expect(page).not.toContain('You have a ballot')
  })

  it('asked for in eighty ways at once is one signature', async () => {
    const who = await aResident()
    const messages = await Promise.all(Array.from({ length: 80 }, async () => (await blindBallot(subject.key.spki)).blinded))

    const answered = await Promise.all(messages.map(async blinded => send('POST', '/api/ratings/ballots', { ...as(who), json: { key: subject.key.id, blinded }, timeoutMs: 30_000 })))

    expect(answered.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(answered.filter(({ status }) => status !== 200).map(answer => problemOf(answer).code))).toEqual(new Set(['ballot_drawn']))
  })

  it('cannot be drowned: thirty megabytes are turned away, by drawing and by giving', async () => {
    const blinded = 'A'.repeat(30 * 1024 * 1024)
    const [drawn, given] = [await send('POST', '/api/ratings/ballots', { ...as('resident2'), json: { key: subject.key.id, blinded } }).catch(() => undefined), await send('POST', '/api/ratings', { json: { subject: subject.id, answers: answers({ comment: blinded }) } }).catch(() => undefined)]

    for (const answer of [drawn, given]) if (answer) expect(problemOf(answer).code).toBe('too_large')
    expect((await send('GET', '/api/ratings')).status, 'and it lives on').toBe(200)
  })

  it('carries words to whoever reads them as they were written, markup and hidden signs too; what is published is the reader\'s version', async () => {
    const nasty = '<img src=x onerror=alert(1)> \u202Eolleh\u202C \u200B{{ 7 * 7 }} 很好'
    expect((await give({ subject: subject.id, answers: answers({ comment: nasty }) })).status).toBe(201)
    const { waiting } = deskRatingsSchema.parse((await send('GET', '/api/desk/ratings', as('lead'))).body)
    const found = waiting.find(({ text }) => text === nasty)
    const decide = (text: string | null, who = 'lead') => send('POST', `/api/desk/ratings/comments/${found?.id}/decide`, { ...as(who), json: { text } })

    expect(JSON.stringify((await send('GET', '/api/desk/ratings', as('officer'))).body), 'the rated officer reads it nowhere').not.toContain('onerror')
    expect((await decide('好', 'officer')).status).toBe(404)
    expect((await decide('a\u0007b')).status).toBe(422)
    expect((await decide('很好')).status).toBe(200)
    expect((await decide('很好')).status, 'once').toBe(404)
  })

  it('is published as JSON and as a table with the same figures', async () => {
    const { rounds } = ratingResultsSchema.parse((await send('GET', '/api/ratings/results')).body)
    const { text, type } = await send('GET', '/api/ratings/results.csv')

    expect(type).toContain('text/csv')
    const [head, ...lines] = text.replace('\uFEFF', '').trimEnd().split('\r\n')
    expect(head).toBe(ratingColumns.join(','))
    expect(lines).toHaveLength(rounds.reduce((sum, { officers }) => sum + (1 + officers.length) * ratingMeasures.length, 0))
  })

  it('is told of on the account\'s own page while the round is open, whether it was drawn or not; staff are not asked', async () => {
    const who = await aResident()
    const notice = 'href="/en/ratings?community=ping-an"'
    expect((await send('GET', '/en/account', as(who))).text).toContain(notice)

    await aBallot(who)

    expect((await send('GET', '/en/account', as(who))).text, 'the page does not look who drew').toContain(notice)
    expect((await send('GET', '/en/account', as('officer'))).text).not.toContain(notice)
  })

  it('leaves nothing on the REST API: tables and functions of ballots answer no guest and no resident', async () => {
    const guest = createClient(portal.supabaseUrl, portal.keys.publishableKey, { auth: { persistSession: false } })
    for (const name of ['begin_draw', 'keep_draw', 'spend_rating', 'give_open_rating', 'read_ballot_key', 'keep_ballot_key', 'shuffle_ballots', 'advance_ratings', 'list_rating_comments', 'read_ballot_standing']) {
      const { error } = await guest.rpc(name, name === 'shuffle_ballots' || name === 'advance_ratings' ? {} : { p: {} })
      expect(error, name).not.toBeNull()
    }
  })
})
