import { randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { rollCall } from '#shared/patrols/roll-call-rules'
import { checkedInSchema, checkedOutSchema, nightSchema } from '#shared/patrols/night-schema'
import { deskRoundSchema, filedPatrolReportSchema, overduePatrolsSchema, postersSchema, roundSchema, visitSchema } from '#shared/patrols/round-schema'
import { aRouteWithPosters, arrangeNight } from '../arrange-night.ts'
import { runJobs } from '../run-jobs.ts'
import { problemOf, send, signedIn } from './portal-client.ts'

const { supabaseUrl, keys } = inject('portal')
const cookies: Record<string, string> = {}
beforeAll(async () => {
  for (const who of ['officer', 'officer2', 'lead', 'auditor', 'resident2', 'volunteer'] as const) cookies[who] = await signedIn(who)
})
const as = (who: string) => ({ cookie: cookies[who] ?? '' })
const get = (who: string, path: string) => send('GET', `/api${path}`, as(who))
const post = (who: string, path: string, json: unknown = {}) => send('POST', `/api${path}`, { ...as(who), json })

/** Somebody with an account of their own, known to `as` by name and address. */
async function somebody(name: string) {
  const email = `${randomUUID().slice(0, 12)}@example.test`
  const password = 'four words for one door'
  const { error } = await createClient(supabaseUrl, keys.secretKey, { auth: { persistSession: false, autoRefreshToken: false } }).auth.admin.createUser({ email, password, email_confirm: true })
  expect(error).toBeNull()
  const answer = await send('POST', '/api/session', { json: { email, password } })
  expect(answer.status).toBe(204)
  cookies[email] = answer.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ')
  return { email, name }
}

/** Lin leads, Amina and Bo walk along; the patrol begins in ten minutes. */
async function aNight(options: Parameters<typeof arrangeNight>[2] = {}) {
  const [lin, amina, bo] = [await somebody('Lin Xia'), await somebody('Amina Yusuf'), await somebody('Bo Chen')]
  const night = await arrangeNight(inject('portal'), [lin, amina, bo], options)
  onTestFinished(() => night.close())
  const path = `/patrols/shifts/${night.shift}`
  const enter = async (who: string, secondsAgo = 0) => post(who, `${path}/check-in`, { code: await night.codeOfBefore(secondsAgo) })
  return { ...night, path, lin: lin.email, amina: amina.email, bo: bo.email, enter }
}
type ANight = Awaited<ReturnType<typeof aNight>>
/** Roll call is over: Lin and Amina are on their way. */
async function onTheWay(night: ANight) {
  expect((await post(night.lin, `${night.path}/roll-call`)).status).toBe(200)
  for (const who of [night.lin, night.amina]) expect((await night.enter(who)).status).toBe(200)
  expect(nightSchema.parse((await post(night.lin, `${night.path}/lead`, { act: 'start' })).body).phase).toBe('under_way')
}

describe('a night over the API', () => {
  it('goes from the roll call to the way home', async () => {
    const night = await aNight()
    const { path, lin, amina, bo } = night
    expect(nightSchema.parse((await get(amina, `${path}/night`)).body)).toMatchObject({ phase: 'roll_call', leads: false, people: null, codes: [], mine: { how: null, triesLeft: rollCall.tries } })
    expect(problemOf(await post(amina, `${path}/check-in`, { code: '000000' })).code, 'nobody has opened it').toBe('not_found')

    const opened = nightSchema.parse((await post(lin, `${path}/roll-call`)).body)

    expect(opened.people?.map(({ name }) => name)).toEqual(['Lin Xia', 'Amina Yusuf', 'Bo Chen'])
    expect(opened.codes[0]?.code).toMatch(/^\d{6}$/)
    expect(checkedInSchema.parse((await post(amina, `${path}/check-in`, { code: opened.codes[0]?.code })).body).how).toBe('code')
    expect(problemOf(await post(lin, `${path}/lead`, { act: 'start' })).code, 'nobody walks alone').toBe('status_order')
    expect((await night.enter(lin)).status).toBe(200)
    const boPlace = opened.people?.find(({ name }) => name === 'Bo Chen')?.place
    expect(problemOf(await post(lin, `${path}/lead`, { act: 'check_in', place: boPlace, reason: ' ' })).code).toBe('invalid')
    expect((await post(lin, `${path}/lead`, { act: 'check_in', place: boPlace, reason: 'his phone fell into the water' })).status).toBe(200)
    expect(await night.checkIns()).toEqual(['code', 'code', 'lead'])
    expect(nightSchema.parse((await post(lin, `${path}/lead`, { act: 'start' })).body)).toMatchObject({ phase: 'under_way', present: 3 })

    expect(checkedOutSchema.parse((await post(amina, `${path}/check-out`)).body)).toEqual({ hasEnded: false })
    expect(problemOf(await post(amina, `${path}/check-out`)).code).toBe('status_order')
    expect((await post(lin, `${path}/lead`, { act: 'check_out', place: boPlace })).status).toBe(200)
    expect(checkedOutSchema.parse((await post(lin, `${path}/check-out`)).body)).toEqual({ hasEnded: true })
    expect(nightSchema.parse((await get(bo, `${path}/night`)).body)).toMatchObject({ phase: 'ended' })
  })

  it('shows code and names to nobody but whoever leads, and is not there for whoever has no place on it', async () => {
    const { path, lin, amina } = await aNight()
    await post(lin, `${path}/roll-call`)

    const seen = await get(amina, `${path}/night`)

    expect(nightSchema.parse(seen.body)).toMatchObject({ leads: false, people: null, codes: [] })
    expect(seen.text).not.toMatch(/Lin Xia|Bo Chen|0000-555/)
    for (const [method, face] of [['GET', 'night'], ['POST', 'roll-call'], ['POST', 'check-in'], ['POST', 'check-out'], ['POST', 'lead'], ['GET', 'round'], ['POST', 'checklist'], ['POST', 'report']] as const) {
      const json = { 'check-in': { code: '123456' }, 'lead': { act: 'start' }, 'checklist': { answers: {} }, 'report': aPatrolReport() }[face as string] ?? {}
      const ask = (who: { cookie?: string }) => send(method, `/api${path}/${face}`, { ...who, ...(method === 'POST' && { json }) })
      expect(problemOf(await ask({})).code, `a guest, ${face}`).toBe('sign_in_required')
      for (const who of ['resident2', 'volunteer', 'officer2']) expect(problemOf(await ask(as(who))).code, `${who}, ${face}`).toBe('not_found')
    }
    expect(problemOf(await post(amina, `${path}/roll-call`)).code).toBe('not_found')
    expect(problemOf(await post(amina, `${path}/lead`, { act: 'start' })).code).toBe('not_found')
  })

  it('takes a code kept without network for ten minutes and once, and an older one never', async () => {
    const night = await aNight()
    await post(night.lin, `${night.path}/roll-call`)

    expect(problemOf(await night.enter(night.bo, 11 * 60)).code).toBe('roll_call_code')
    expect(checkedInSchema.parse((await night.enter(night.amina, 5 * 60)).body).how).toBe('offline')

    expect(problemOf(await night.enter(night.amina, 4 * 60)).code).toBe('already_checked_in')
    expect(await night.checkIns()).toEqual(['offline'])
    expect(nightSchema.parse((await get(night.bo, `${night.path}/night`)).body).mine).toMatchObject({ how: null, triesLeft: rollCall.tries - 1 })
  })

  it('lets nobody guess: after five codes the lead checks in, also when many are sent at once', async () => {
    const night = await aNight()
    await post(night.lin, `${night.path}/roll-call`)
    const right = await night.codeOfBefore(0)
    const wrong = Array.from({ length: 20 }, (_, index) => String(index).padStart(6, '0')).filter(code => code !== right)

    const codes = await Promise.all(wrong.map(async code => problemOf(await post(night.bo, `${night.path}/check-in`, { code })).code))

    expect(codes.filter(code => code === 'roll_call_code')).toHaveLength(rollCall.tries)
    expect(new Set(codes)).toEqual(new Set(['roll_call_code', 'roll_call_tries']))
    expect(problemOf(await night.enter(night.bo)).code).toBe('roll_call_tries')
    expect((await night.enter(night.amina)).status, 'somebody else\'s tries are their own').toBe(200)
  })

  it('refuses what is no code, and 30 MB of nonsense', async () => {
    const { path, amina } = await aNight()

    for (const code of ['', '12345', 'abcdef', '１２３４５６7', 123456]) expect(problemOf(await post(amina, `${path}/check-in`, { code })).code).toBe('invalid')
    for (const face of ['check-in', 'checklist', 'report', 'lead']) {
      const answer = await send('POST', `/api${path}/${face}`, { ...as(amina), body: Buffer.alloc(30 * 1024 * 1024, 'x'), headers: { 'content-type': 'application/json' } })
      expect(problemOf(answer).code, face).toBe('too_large')
    }
    expect(problemOf(await get(amina, '/patrols/shifts/none/night')).code).toBe('not_found')
  })
})

const aPatrolReport = (changes: Record<string, unknown> = {}) => ({
  idempotencyKey: randomUUID(), locale: 'en', routeWalked: 'partly', summary: 'Quiet, but for one lamp.', findings: [{ category: 'fire_hazard', text: 'A cable lies bare beside the east gate.' }], ...changes,
})

describe('a patrol on its way over the API', () => {
  it('has a checklist that those on it answer once they have checked in', async () => {
    const night = await aNight()
    const { path, lin, amina } = night
    await post(lin, `${path}/roll-call`)
    const { checklist, mayAnswer } = roundSchema.parse((await get(amina, `${path}/round`)).body)
    const item = checklist[0]?.code ?? ''
    expect([checklist.length > 0, mayAnswer]).toEqual([true, false])
    expect(problemOf(await post(amina, `${path}/checklist`, { answers: { [item]: true } })).code).toBe('not_found')

    await night.enter(amina)
    const answered = roundSchema.parse((await post(amina, `${path}/checklist`, { answers: { [item]: true } })).body)

    expect(answered).toMatchObject({ mayAnswer: true, present: 1 })
    expect(answered.checklist[0]).toMatchObject({ mine: true, met: 1 })
    expect(roundSchema.parse((await get(lin, `${path}/round`)).body).checklist[0]).toMatchObject({ mine: null, met: 1 })
    expect(problemOf(await post(amina, `${path}/checklist`, { answers: { nothing_of_ours: true } })).code).toBe('invalid_input')
  })

  it('notes a checkpoint for those who walk its route, once in ten minutes; a new poster makes the old one worthless', async () => {
    const { route, addresses: [gate = ''] } = await aRouteWithPosters(inject('portal'))
    const night = await aNight({ route })
    const visit = (who: string, address = gate) => post(who, `/patrols/checkpoints/${address.split('/').at(-1)}`)
    expect(problemOf(await visit(night.amina)).code, 'not on the way yet').toBe('not_found')
    await onTheWay(night)

    expect(visitSchema.parse((await visit(night.amina)).body)).toMatchObject({ name: { en: 'East gate' }, isNew: true })
    expect(visitSchema.parse((await visit(night.lin)).body).isNew).toBe(false)

    for (const who of [night.bo, 'volunteer', 'resident2', 'officer']) expect(problemOf(await visit(who)).code, who).toBe('not_found')
    expect(problemOf(await send('POST', `/api/patrols/checkpoints/${gate.split('/').at(-1)}`, { json: {} })).code).toBe('sign_in_required')
    expect(problemOf(await post(night.amina, '/patrols/checkpoints/AAAAAAAAAAAAAAAAAAAAAAAA')).code).toBe('not_found')
    const { posters } = postersSchema.parse((await post('lead', `/desk/patrols/routes/${route}/posters`)).body)
    expect(problemOf(await post('officer', `/desk/patrols/routes/${route}/posters`, { renew: posters[0]?.checkpoint })).code).toBe('forbidden')
    const renewed = postersSchema.parse((await post('lead', `/desk/patrols/routes/${route}/posters`, { renew: posters[0]?.checkpoint })).body)
    expect(renewed.posters[1]?.address).toBe(posters[1]?.address)
    expect(problemOf(await visit(night.amina)).code).toBe('not_found')
    expect((await visit(night.amina, renewed.posters[0]?.address)).status).toBe(200)
  })

  it('ends in one report, whose findings are reports of their own; sent twice it is filed once', async () => {
    const night = await aNight()
    const { path, amina, lin, shift } = night
    const report = aPatrolReport()
    expect(problemOf(await post(amina, `${path}/report`, report)).code, 'not on the way yet').toBe('not_found')
    await onTheWay(night)

    const answers = await Promise.all([1, 2, 3].map(async () => post(amina, `${path}/report`, report)))
    const filed = answers.filter(({ status }) => status === 201).map(({ body }) => filedPatrolReportSchema.parse(body))

    expect(filed.length).toBeGreaterThan(0)
    expect(new Set(filed.map(({ findings }) => findings[0]?.reference)).size).toBe(1)
    const again = filedPatrolReportSchema.parse((await post(amina, `${path}/report`, report)).body)
    expect(again.findings).toEqual(filed[0]?.findings)
    expect(problemOf(await post(amina, `${path}/report`, { ...report, summary: 'Another story.' })).code).toBe('idempotency_conflict')
    expect(problemOf(await post(lin, `${path}/report`, aPatrolReport())).code).toBe('conflict')
    expect(problemOf(await post(lin, `${path}/report`, aPatrolReport({ findings: [{ category: 'nowhere', text: 'Something' }] }))).code).toBe('invalid')
    expect(problemOf(await post(lin, `${path}/report`, aPatrolReport({ findings: Array.from({ length: 11 }, () => ({ category: 'fire_hazard', text: 'x' })) }))).code).toBe('invalid')

    const { reference, receipt } = again.findings[0] ?? { reference: '', receipt: '' }
    expect((await send('GET', `/api/reports/${reference}`, { receipt })).body).toMatchObject({ reference })
    const inbox = z.object({ reports: z.array(z.object({ reference: z.string() })) }).parse((await get('officer', `/desk/reports?q=${reference}`)).body)
    expect(inbox.reports.map(found => found.reference)).toEqual([reference])
    const desk = await get('officer', `/desk/patrols/shifts/${shift}/round`)
    expect(deskRoundSchema.parse(desk.body)).toMatchObject({ summary: 'Quiet, but for one lamp.', findings: [{ position: 1, reference }] })
    expect(desk.text).not.toMatch(/Amina|Lin Xia/)
    expect(problemOf(await get('officer2', `/desk/patrols/shifts/${shift}/round`)).code).toBe('not_found')
    expect(problemOf(await get('resident2', `/desk/patrols/shifts/${shift}/round`)).code).toBe('not_found')
  })

  it('that nobody came home from is seen at the desk of its community only', async () => {
    const night = await aNight()
    await onTheWay(night)
    await night.pass(100)
    const overdue = async (who: string) => overduePatrolsSchema.parse((await get(who, '/desk/patrols/overdue')).body).patrols.find(({ shift }) => shift === night.shift)

    expect(await runJobs(inject('portal').dataDir)).toContainEqual(expect.stringMatching(/^patrols:advance .*overdue/))

    expect(await overdue('lead')).toMatchObject({ out: 2 })

    expect(await overdue('officer')).toBeDefined()
    expect(await overdue('officer2')).toBeUndefined()
    expect(problemOf(await get('resident2', '/desk/patrols/overdue')).code).toBe('forbidden')
    expect(checkedOutSchema.parse((await post(night.amina, `${night.path}/check-out`)).body).hasEnded).toBe(false)
    expect(checkedOutSchema.parse((await post(night.lin, `${night.path}/check-out`)).body).hasEnded).toBe(true)
    expect(await overdue('lead')).toBeUndefined()
  })
})
