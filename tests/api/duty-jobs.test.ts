// Issue 4, "It shows" 4: a report that nobody opens climbs officer, lead, chief while `npm run jobs -- --now …` moves a demo station's clock.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { intakeReceiptSchema, intakeStateSchema } from '#shared/reports/intake-schema'
import { lookedUpSchema, submittedSchema, trackedReportSchema } from '#shared/reports/report-answers'
import { dutyNowSchema, dutyWeekSchema } from '#shared/staff/duty-schema'
import { openBrowser } from '../browser-jar.ts'
import { caller, fileReport } from '../desk-caller.ts'
import { startPortal, type Portal } from '../portal.ts'
import { runJobs } from '../run-jobs.ts'
import { solvedChallenge } from '../solve-challenge.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ env: { TRUST_PROXY: '1' } })
  await passToMidMorning()
})
afterAll(() => portal?.stop())

const dutyNow = async (who = 'lead') => dutyNowSchema.parse((await (await caller(portal.url, who)).call('GET', 'desk/staff/duty/now')).body)
const dutyWeek = async (who = 'lead') => dutyWeekSchema.parse((await (await caller(portal.url, who)).call('GET', 'desk/staff/duty')).body)
const mails = z.object({ mails: z.array(z.object({ to: z.string(), subject: z.string(), body: z.string() })) })
const callsAbout = async (reference: string) => mails.parse((await (await caller(portal.url)).call('GET', 'desk/mailbox')).body).mails.filter(({ body }) => body.includes(`/desk/reports/${reference}`))
const to = async (reference: string) => (await callsAbout(reference)).map(mail => mail.to.split('@')[0]).sort()

/** `npm run jobs -- --now …`, so many minutes on; what the climb said. */
async function passMinutes(minutes: number) {
  const { now } = await dutyNow()
  const said = await runJobs(portal.dataDir, '--now', new Date(Date.parse(now) + minutes * 60_000).toISOString())
  return said.find(line => line.startsWith('reports:climb')) ?? ''
}
/** To the next 10:00 of the demo's station (02:00 UTC): in the hour after a change of shift, 8:00 and 20:00, whoever was not relieved is on duty beside whoever comes. */
async function passToMidMorning() {
  const { now } = await dutyNow()
  const minutes = Date.parse(now) / 60_000
  await passMinutes((24 * 60 + 2 * 60 - minutes % (24 * 60)) % (24 * 60))
}
/** Sent without its name being known: an emergency by its words. */
const anUrgent = () => fileReport(portal.url, { category: 'other', description: 'Someone is breaking into my house right now', community: 'chang-le' })

describe('an urgent report that nobody opens', () => {
  it('reaches whoever is on duty, after ten minutes the lead, after ten more the chief, each once and without a word of it', async () => {
    const { people: [onDuty] } = await dutyNow()
    const { reference } = await anUrgent()
    const officer = onDuty?.name.en === 'Chen Zhiyuan' ? 'officer' : 'officer2'
    expect(await to(reference)).toEqual([officer])
    for (const { subject, body } of await callsAbout(reference)) expect(`${subject} ${body}`).not.toMatch(/house|breaking|other|其他|Chang|长乐/i)

    await passMinutes(5)
    expect(await to(reference)).toEqual([officer])
    expect(await passMinutes(6)).toMatch(/lead [1-9]/)
    expect(await to(reference)).toEqual(['lead', officer])
    expect(await passMinutes(10)).toMatch(/chief [1-9]/)
    expect(await to(reference)).toEqual(['chief', 'lead', officer])
    await passMinutes(10)
    expect(await to(reference)).toEqual(['chief', 'lead', officer])

    const call = (await dutyWeek()).calls.find(called => called.reference === reference)
    expect(call).toMatchObject({ opened: null, told: [{ level: 'officer', people: 1 }, { level: 'lead', people: 1 }, { level: 'chief', people: 1 }] })
  })

  it('stops climbing once somebody opened it, and says who that was', async () => {
    const { reference } = await anUrgent()
    const { people: [onDuty] } = await dutyNow()
    const who = onDuty?.name.en === 'Chen Zhiyuan' ? 'officer' : 'officer2'
    expect((await (await caller(portal.url, who)).call('GET', `desk/reports/${reference}`)).status, 'in any community: they were called for it').toBe(200)
    await passMinutes(40)

    expect(await to(reference)).toEqual([who])
    expect((await dutyWeek()).calls.find(called => called.reference === reference)?.opened).toMatchObject({ name: onDuty?.name, role: 'officer' })
  })
})

describe('a station with nobody on duty', () => {
  it('says so beside 110 on the confirmation, without script and over the API, and calls the lead at once', async () => {
    const lead = await caller(portal.url, 'lead')
    const { now, shifts } = await dutyWeek()
    for (const { id } of shifts.filter(({ startsAt, endsAt }) => startsAt <= now && endsAt > now)) expect((await lead.call('DELETE', `desk/staff/duty/shifts/${id}`)).status).toBe(204)
    expect(await dutyNow()).toMatchObject({ people: [], next: { name: expect.anything() } })

    const resident = openBrowser(portal.url)
    const post = (step: string, fields: Record<string, string>) => resident.post(`/zh/reports/new/${step}`, fields, { 'x-forwarded-for': '10.1.2.3' })
    await post('category', { category: 'other' })
    await post('place', { unknown: 'yes' })
    await post('when', { precision: 'now' })
    await post('details', { description: '有人正在砸我家的门，救命' })
    await resident.form('/zh/reports/new/files', { file: new File([], '') }, { 'x-forwarded-for': '10.1.2.3' })
    await post('contact', { mode: 'anonymous' })
    expect((await post('check', {})).headers.get('location')).toBe('/zh/reports/sent')
    const page = await (await resident.get('/zh/reports/sent')).text()
    expect(page).toMatch(/现在没有民警值班[\s\S]*110[\s\S]*href="tel:110"/)
    expect(await to(/LL-\w{4}-\w{4}/.exec(page)?.[0] ?? '')).toEqual(['lead'])

    const answer = await (await caller(portal.url)).call('POST', 'reports', {
      category: 'other', description: 'Someone is breaking into my house right now', contact: { mode: 'anonymous' }, locale: 'en', altcha: await solvedChallenge(portal.url),
    })
    expect(submittedSchema.parse(answer.body).nobodyOnDuty).toBe(true)
    const calm = await (await caller(portal.url)).call('POST', 'reports', { category: 'other', description: 'A lamp is dark.', contact: { mode: 'anonymous' }, locale: 'en', altcha: await solvedChallenge(portal.url) })
    expect(submittedSchema.parse(calm.body).nobodyOnDuty, 'only what is urgent').toBeUndefined()
  })
})

describe('the counter', () => {
  const anIntake = (changes: object = {}) => ({ way: 'counter', idempotencyKey: crypto.randomUUID(), category: 'lost_property', community: 'chang-le', description: '在公园丢了一个书包。', contact: { mode: 'anonymous' }, locale: 'zh', ...changes })
  const requiredAnswers = async () => {
    const categories = z.array(z.object({ code: z.string(), questions: z.array(z.object({ code: z.string(), kind: z.string(), isRequired: z.boolean(), options: z.array(z.object({ code: z.string() })) })) })).parse((await (await caller(portal.url)).call('GET', 'categories')).body)
    return Object.fromEntries(categories.find(({ code }) => code === 'lost_property')?.questions.filter(({ isRequired }) => isRequired).map(({ code, kind, options }) => [code, kind === 'text' ? '书包' : options[0]?.code ?? '1']) ?? [])
  }

  it('takes a report in under the same rules, gives one receipt for one key, and the resident sees who took it', async () => {
    const officer = await caller(portal.url, 'officer')
    const missing = await officer.call('POST', 'desk/reports/intake', anIntake({ category: 'theft', description: '' }))
    expect([missing.status, Object.keys((missing.body as { errors: object }).errors)]).toEqual([422, ['description']])

    const intake = anIntake({ answers: await requiredAnswers() })
    const first = await officer.call('POST', 'desk/reports/intake', intake)
    expect(first.status, JSON.stringify(first.body)).toBe(200)
    const paper = intakeReceiptSchema.parse(first.body)
    expect(paper.words).toMatchObject({ title: '登记回执', howTitle: expect.stringContaining('办理进度') })
    expect(intakeReceiptSchema.parse((await officer.call('POST', 'desk/reports/intake', intake)).body)).toMatchObject({ reference: paper.reference, receipt: paper.receipt })
    expect((await officer.call('POST', 'desk/reports/intake', { ...intake, description: '另一件事' })).status).toBe(409)
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect(first.headers.getSetCookie().find(line => line.includes('intake-receipt'))).toMatch(/HttpOnly.*SameSite=Strict|SameSite=Strict.*HttpOnly/i)
    expect(portal.output(), 'never in a log').not.toContain(paper.receipt)

    const tracked = await fetch(`${portal.url}/api/reports/${paper.reference}`, { headers: { 'x-receipt': paper.receipt } })
    expect(trackedReportSchema.parse(await tracked.json())).toMatchObject({ contactMode: 'anonymous', taken: { way: 'counter', name: { en: 'Chen Zhiyuan' } } })

    const colleague = await caller(portal.url, 'officer2')
    const looked = await colleague.call('POST', 'desk/reports/intake/look-up', { reference: paper.reference.toLowerCase(), receipt: paper.receipt.toLowerCase() })
    expect(lookedUpSchema.parse(looked.body)).toMatchObject({ reference: paper.reference, content: { description: '在公园丢了一个书包。' }, mayOpen: true })
    expect((await colleague.call('POST', 'desk/reports/intake/look-up', { reference: paper.reference, receipt: 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA' })).status).toBe(404)
    const after = trackedReportSchema.parse(await (await fetch(`${portal.url}/api/reports/${paper.reference}`, { headers: { 'x-receipt': paper.receipt } })).json())
    expect(after.access).toMatchObject([{ action: 'report.opened', purpose: 'counter', role: 'officer' }])
  })

  it.each(['auditor', 'admin', 'resident'])('is not for the %s', async (who) => {
    const answer = await (await caller(portal.url, who)).call('POST', 'desk/reports/intake', anIntake({ category: 'other' }))

    expect(answer.status).toBe(403)
  })

  it('keeps what is typed over a reload, for whoever typed it alone', async () => {
    const browser = openBrowser(portal.url)
    const signIn = (who: string) => browser.json('POST', '/api/session', { email: `${who}@demo.linli`, password: 'linli-demo' })
    const state = async () => intakeStateSchema.parse(await (await browser.json('GET', '/api/desk/reports/intake')).json())
    await signIn('officer')
    const draft = {
      way: 'phone', idempotencyKey: crypto.randomUUID(), locale: 'zh', category: 'theft', community: '', grid: '', address: '', on: '', at: '', occurredText: '', description: '有人正在砸我家的门，救命', answers: {}, mode: '', name: '', phone: '', email: '', safeContact: '', isPortalOnly: false,
    }
    expect(await (await browser.json('POST', '/api/desk/reports/intake/draft', draft)).json()).toMatchObject({ emergency: { number: '110' } })
    expect(await state()).toMatchObject({ draft, emergency: { number: '110' } })

    await signIn('officer2')
    expect((await state()).draft, 'another colleague at the same computer').toBeNull()
    await signIn('officer')
    expect((await browser.json('DELETE', '/api/desk/reports/intake/draft')).status).toBe(204)
    expect((await state()).draft).toBeNull()
  })
})
